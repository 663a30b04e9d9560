#include "web/api/api_internal.h"

const struct route bank_routes[] = {
	{ 0 },
};
