#include "base/err.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool err_set_(struct err *e, enum err_code code, const char *reason, const char *field,
	      const char *file, int line, const char *fmt, ...)
{
	va_list args;

	e->code = code;
	e->reason = reason;
	e->field = field;
	e->file = file;
	e->line = line;
	va_start(args, fmt);
	vsnprintf(e->text, sizeof e->text, fmt, args);
	va_end(args);
	return false;
}

bool err_under(struct err *e, const char *prefix)
{
	char text[sizeof e->text];

	memcpy(text, e->text, sizeof text);
	snprintf(e->text, sizeof e->text, "%s: %.*s", prefix, (int)(sizeof text - 1), text);
	return false;
}

const char *err_name(enum err_code code)
{
	static const char *const names[] = {
		[ERR_OK] = "ok",
		[ERR_NOT_FOUND] = "not_found",
		[ERR_DENIED] = "denied",
		[ERR_INVALID] = "invalid",
		[ERR_CONFLICT] = "conflict",
		[ERR_BUSY] = "busy",
		[ERR_PEER] = "peer",
		[ERR_EXPIRED] = "expired",
		[ERR_INTERNAL] = "internal",
	};
	return names[code];
}

void bug_(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "level=fatal event=bug at=%s:%d text=\"", file, line);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputs("\"\n", stderr);
	abort();
}
