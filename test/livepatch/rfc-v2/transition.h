/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SAMPLE_TRANSITION_H
#define SAMPLE_TRANSITION_H

#include "livepatch.h"

extern struct klp_patch *klp_transition_patch;
extern int klp_target_state;

void klp_patch_task(struct task_struct *task);
void klp_init_transition(struct klp_patch *patch, int state);
void klp_start_transition(void);
void klp_reverse_transition(void);
void klp_try_complete_transition(void);

#endif
