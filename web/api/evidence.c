#include "web/api/api_internal.h"

const struct route evidence_routes[] = {
	{ 0 },
};
