#include "web/api/api_internal.h"

const struct route objective_routes[] = {
	{ 0 },
};
