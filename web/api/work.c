#include "web/api/api_internal.h"

const struct route work_routes[] = {
	{ 0 },
};
