/* fake_launch.h - for each test anew: a tool, its one usual platform, and a visit that has
 * come as far as the launch. */
#ifndef TESTS_LTI_FAKE_LAUNCH_H
#define TESTS_LTI_FAKE_LAUNCH_H

#include "lti/fake_platform.h"

static struct mem *m;
static struct lti *l;
static struct lti_registration *r;
static struct fake_visit v;

static void setup(void)
{
	m = mem_new();
	l = fake_tool();
	r = fake_usual(m);
	fake_visit(&v, m, l);
}

static void teardown(void)
{
	fake_close(l);
	mem_free(m);
}

#endif
