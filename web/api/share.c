#include "web/api/api_internal.h"

const struct route share_routes[] = {
	{ 0 },
};
