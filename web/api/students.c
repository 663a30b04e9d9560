#include "web/api/api_internal.h"

const struct route students_routes[] = {
	{ 0 },
};
