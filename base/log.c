#include "base/log.h"
#include "base/str.h"
#include "base/sys.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static enum log_level threshold = LOG_INFO;
static _Thread_local char request[17];

static const char *const level_names[] = { "debug", "info", "warn", "error" };

void log_set_level(enum log_level level)
{
	threshold = level;
}

bool log_level_parse(const char *word, enum log_level *out)
{
	for (size_t i = 0; i < sizeof level_names / sizeof *level_names; i++) {
		if (str_eq(word, level_names[i])) {
			*out = (enum log_level)i;
			return true;
		}
	}
	return false;
}

void log_set_request(const char *id)
{
	snprintf(request, sizeof request, "%s", id ? id : "");
}

/* The line is made whole and written by one call, so that lines of several
 * threads and processes never mix. */
static void write_line(enum log_level level, const char *event, const char *rest)
{
	char line[1400], time[32];
	int64_t ms = now_ms();
	time_t seconds = (time_t)(ms / 1000);
	struct tm utc;

	gmtime_r(&seconds, &utc);
	strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%S", &utc);
	int n = snprintf(line, sizeof line - 1, "time=%s.%03dZ level=%s event=%s%s%s%s%s", time,
			 (int)(ms % 1000), level_names[level], event, *request ? " req=" : "",
			 request, *rest ? " " : "", rest);
	if (n < 0)
		return;
	size_t len = (size_t)n < sizeof line - 1 ? (size_t)n : sizeof line - 2;
	line[len] = '\n';
	if (write(STDERR_FILENO, line, len + 1) < 0)
		return; /* nowhere left to say it */
}

void log_(enum log_level level, const char *event, const char *fmt, ...)
{
	char rest[1200];
	va_list args;

	if (level < threshold)
		return;
	va_start(args, fmt);
	vsnprintf(rest, sizeof rest, fmt, args);
	va_end(args);
	write_line(level, event, rest);
}

static void quote(char *out, size_t size, const char *s)
{
	size_t n = 0;

	out[n++] = '"';
	for (; *s && n + 6 < size; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '"' || c == '\\')
			out[n++] = '\\', out[n++] = (char)c;
		else if (c < 0x20 || c == 0x7f)
			n += (size_t)snprintf(out + n, 5, "\\x%02x", c);
		else
			out[n++] = (char)c;
	}
	out[n++] = '"';
	out[n] = '\0';
}

void log_err(enum log_level level, const char *event, const struct err *e)
{
	char text[400];

	quote(text, sizeof text, e->text);
	log_(level, event, "code=%s%s%s%s%s at=%s:%d text=%s", err_name(e->code),
	     e->reason ? " reason=" : "", e->reason ? e->reason : "", e->field ? " field=" : "",
	     e->field ? e->field : "", e->file ? e->file : "?", e->line, text);
}

const char *log_q(struct mem *m, const char *s)
{
	size_t size = strlen(s) * 4 + 8;
	char *out = mem_alloc(m, size);

	quote(out, size, s);
	return out;
}
