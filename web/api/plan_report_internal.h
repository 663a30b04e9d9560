/* plan_report_internal.h - reports about plans as tables for spreadsheets. */
#ifndef WEB_API_PLAN_REPORT_INTERNAL_H
#define WEB_API_PLAN_REPORT_INTERNAL_H

#include "web/api/api_internal.h"
#include "ilp/plan_report.h"

/* The answer: a file whose name tells of no person. */
bool plan_report_csv(struct exchange *, const struct plan_report *);
bool plan_report_school_csv(struct exchange *, const struct plan_report_school *);
bool plan_report_student_csv(struct exchange *, const struct plan_report_student *);

#endif
