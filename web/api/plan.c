#include "web/api/api_internal.h"

const struct route plan_routes[] = {
	{ 0 },
};
