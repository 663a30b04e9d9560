#include "web/api/api_internal.h"

const struct route school_routes[] = {
	{ 0 },
};
