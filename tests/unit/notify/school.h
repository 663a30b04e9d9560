/* school.h - a school in a real database, for the tests of mail.
 *
 * Each test has a school of its own (school_open) and owns the clock by app.now:
 * at() sets it for this connection and, by PGOPTIONS, for those opened later. The
 * fixture stands in test_pipeline.c. */
#ifndef TESTS_NOTIFY_SCHOOL_H
#define TESTS_NOTIFY_SCHOOL_H

#include "notify/pipeline_internal.h"

#define LETTERS 400

extern struct mem *m;
extern const char *database, *tenant;

void school_open(void);
void school_close(void);

/* The first column of the first row, "" where there is none. */
const char *sql(const char *format, ...) PRINTF(1, 2);
void at(const char *time); /* "10:05:00" of the day */
void at_day(const char *moment);

/* email: the local part, "" for none; the domain names the school. Returns the id. */
const char *person(const char *given, const char *email, const char *locale);
const char *review(bool to_students, bool to_guardians);
void release(const char *of, const char *student);
void link_up(const char *student, const char *guardian);

struct notify_config config(void);
/* One round of a worker whose server answers with these codes (see out.h), then
 * 250; how many mails were sent. Letters to this school are kept. */
int step_with(const int *code, size_t n);
int step(void);
#define CODES(...) step_with((const int[]){__VA_ARGS__}, sizeof(int[]){__VA_ARGS__} / sizeof(int))

int letters_kept(void);
const char *text_to(const char *who); /* the last one, NULL for none */
const char *header_of(const char *text, const char *name);
/* "sent 1 ", "retry 2 451": state, attempt and error of a person's last mail. */
const char *state_of(const char *person);

#endif
