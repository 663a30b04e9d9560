#include "web/api/api_internal.h"

const struct route plan_report_routes[] = {
	{ 0 },
};
