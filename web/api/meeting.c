#include "web/api/api_internal.h"

const struct route meeting_routes[] = {
	{ 0 },
};
