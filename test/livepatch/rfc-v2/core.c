// SPDX-License-Identifier: GPL-2.0
/* What the administrator asks for: enable, disable, and turning around in between. */

#include <linux/module.h>
#include <linux/mutex.h>
#include "patch.h"
#include "transition.h"

/* Serialises all changes of patches; the handler and the tasks take no lock. */
DEFINE_MUTEX(klp_mutex);

static int __klp_enable_patch(struct klp_patch *patch)
{
	struct klp_object *obj;
	int ret;

	if (klp_transition_patch)
		return -EBUSY;

	if (WARN_ON(patch->enabled))
		return -EINVAL;

	klp_init_transition(patch, KLP_PATCHED);

	klp_for_each_object(patch, obj) {
		ret = klp_patch_object(obj);
		if (ret) {
			pr_warn("failed to enable patch '%s'\n", patch->mod->name);
			klp_unpatch_objects(patch);
			return ret;
		}
	}

	klp_start_transition();
	klp_try_complete_transition();

	patch->enabled = true;

	return 0;
}

static int __klp_disable_patch(struct klp_patch *patch)
{
	if (klp_transition_patch)
		return -EBUSY;

	klp_init_transition(patch, KLP_UNPATCHED);

	klp_start_transition();
	klp_try_complete_transition();

	patch->enabled = false;

	return 0;
}

int klp_enable_patch(struct klp_patch *patch)
{
	int ret;

	mutex_lock(&klp_mutex);
	ret = __klp_enable_patch(patch);
	mutex_unlock(&klp_mutex);

	return ret;
}

/* The administrator's switch: also turns a transition around that is still running. */
int klp_set_enabled(struct klp_patch *patch, bool enabled)
{
	int ret = 0;

	mutex_lock(&klp_mutex);

	if (patch == klp_transition_patch)
		klp_reverse_transition();
	else if (enabled)
		ret = __klp_enable_patch(patch);
	else
		ret = __klp_disable_patch(patch);

	mutex_unlock(&klp_mutex);

	return ret;
}
