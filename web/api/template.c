#include "web/api/api_internal.h"

const struct route template_routes[] = {
	{ 0 },
};
