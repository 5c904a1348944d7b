/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SAMPLE_PATCH_H
#define SAMPLE_PATCH_H

#include "livepatch.h"

struct klp_ops *klp_find_ops(unsigned long old_addr);

int klp_patch_object(struct klp_object *obj);
void klp_unpatch_object(struct klp_object *obj);
void klp_unpatch_objects(struct klp_patch *patch);

#endif
