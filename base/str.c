#include "base/str.h"
#include "base/sys.h"
#include <errno.h>
#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *b, struct mem *m)
{
	*b = (struct buf){ .m = m, .cap = 256 };
	b->p = mem_alloc(m, b->cap);
}

static void buf_room(struct buf *b, size_t more)
{
	if (b->cap - b->n > more)
		return;
	size_t cap = b->cap * 2 > b->n + more + 1 ? b->cap * 2 : b->n + more + 1;
	char *p = mem_alloc(b->m, cap);
	memcpy(p, b->p, b->n);
	b->p = p;
	b->cap = cap;
}

void buf_addn(struct buf *b, const void *bytes, size_t n)
{
	if (!n)
		return;
	buf_room(b, n);
	memcpy(b->p + b->n, bytes, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void buf_add(struct buf *b, const char *text)
{
	if (text)
		buf_addn(b, text, strlen(text));
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list args, again;

	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n < 0)
		BUG("bad format");
	buf_room(b, (size_t)n);
	vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
	va_end(again);
	b->n += (size_t)n;
}

void buf_html(struct buf *b, const char *text)
{
	for (const char *s = text ? text : ""; *s; s++) {
		switch (*s) {
		case '&':
			buf_add(b, "&amp;");
			break;
		case '<':
			buf_add(b, "&lt;");
			break;
		case '>':
			buf_add(b, "&gt;");
			break;
		case '"':
			buf_add(b, "&quot;");
			break;
		case '\'':
			buf_add(b, "&#39;");
			break;
		default:
			buf_addn(b, s, 1);
		}
	}
}

static bool is_unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

void buf_url(struct buf *b, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";

	for (const unsigned char *s = (const unsigned char *)(text ? text : ""); *s; s++) {
		if (is_unreserved(*s))
			buf_addn(b, s, 1);
		else
			buf_addn(b, (char[]){ '%', digits[*s >> 4], digits[*s & 15] }, 3);
	}
}

bool str_eq(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

bool str_empty(const char *s)
{
	return !s || !*s;
}

bool str_starts(const char *s, const char *prefix)
{
	return s && !strncmp(s, prefix, strlen(prefix));
}

const char *str_or(const char *s, const char *otherwise)
{
	return str_empty(s) ? otherwise : s;
}

bool secret_eq(const void *a, size_t an, const void *b, size_t bn)
{
	return an == bn && !CRYPTO_memcmp(a, b, an);
}

/* Length of the UTF-8 sequence at s of at most n bytes, 0 where it is none
 * (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF). */
static size_t utf8_len(const unsigned char *s, size_t n)
{
	static const struct {
		unsigned char first_min, first_max, second_min, second_max;
		size_t len;
	} forms[] = {
		{ 0x00, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
		if (s[0] < forms[f].first_min || s[0] > forms[f].first_max)
			continue;
		size_t len = forms[f].len;
		if (len > n)
			return 0;
		if (len > 1 && (s[1] < forms[f].second_min || s[1] > forms[f].second_max))
			return 0;
		for (size_t i = 2; i < len; i++)
			if (s[i] < 0x80 || s[i] > 0xbf)
				return 0;
		return len;
	}
	return 0;
}

bool str_is_text(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;

	for (size_t i = 0; i < n;) {
		size_t len = utf8_len(p + i, n - i);
		bool control = p[i] < 0x20 && p[i] != '\t' && p[i] != '\n' && p[i] != '\r';
		if (!len || control || p[i] == 0x7f)
			return false;
		i += len;
	}
	return true;
}

size_t str_points(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

char *str_trim(struct mem *m, const char *s)
{
	size_t n = strlen(s);

	while (n && is_space(s[n - 1]))
		n--;
	while (n && is_space(*s))
		s++, n--;
	return mem_strndup(m, s, n);
}

bool int_parse(const char *s, int64_t min, int64_t max, int64_t *out)
{
	const char *digits = s && *s == '-' ? s + 1 : s;
	char *end;

	if (str_empty(s) || *digits < '0' || *digits > '9')
		return false;
	errno = 0;
	intmax_t n = strtoimax(s, &end, 10);
	if (errno || *end || n < min || n > max)
		return false;
	*out = n;
	return true;
}

static const char b64url_alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

char *b64url_encode(struct mem *m, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	char *out = mem_alloc(m, (n + 2) / 3 * 4 + 1), *o = out;

	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		uint32_t word = (uint32_t)p[i] << 16;
		word |= left > 1 ? (uint32_t)p[i + 1] << 8 : 0;
		word |= left > 2 ? (uint32_t)p[i + 2] : 0;
		*o++ = b64url_alphabet[word >> 18];
		*o++ = b64url_alphabet[word >> 12 & 63];
		if (left > 1)
			*o++ = b64url_alphabet[word >> 6 & 63];
		if (left > 2)
			*o++ = b64url_alphabet[word & 63];
	}
	return out;
}

static int b64url_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '-' ? 62 : c == '_' ? 63 : -1;
}

bool b64url_decode(struct mem *m, const char *s, size_t n, unsigned char **out, size_t *n_out)
{
	if (n % 4 == 1)
		return false;
	unsigned char *bytes = mem_alloc(m, n / 4 * 3 + 3), *o = bytes;
	uint32_t word = 0;
	int bits = 0;

	for (size_t i = 0; i < n; i++) {
		int v = b64url_value(s[i]);
		if (v < 0)
			return false;
		word = (word << 6 | (uint32_t)v) & 0xffffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			*o++ = (unsigned char)(word >> bits);
		}
	}
	if (word & ((1u << bits) - 1))
		return false;
	*out = bytes;
	*n_out = (size_t)(o - bytes);
	return true;
}

char *hex_encode(struct mem *m, const void *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *p = bytes;
	char *out = mem_alloc(m, n * 2 + 1);

	for (size_t i = 0; i < n; i++) {
		out[i * 2] = digits[p[i] >> 4];
		out[i * 2 + 1] = digits[p[i] & 15];
	}
	return out;
}

/* Version 7: 48 bits of milliseconds, then randomness, so that keys made one
 * after the other stand side by side in an index. */
void uuid_make(char out[UUID_LEN + 1])
{
	unsigned char b[16];
	int64_t ms = now_ms();

	random_bytes(b, sizeof b);
	for (int i = 0; i < 6; i++)
		b[i] = (unsigned char)(ms >> (40 - 8 * i));
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x70);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(out, UUID_LEN + 1,
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
		 b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
		 b[15]);
}

char *uuid_new(struct mem *m)
{
	char *out = mem_alloc(m, UUID_LEN + 1);

	uuid_make(out);
	return out;
}

bool uuid_ok(const char *s)
{
	if (!s || strlen(s) != UUID_LEN)
		return false;
	for (size_t i = 0; i < UUID_LEN; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		bool hex = (s[i] >= '0' && s[i] <= '9') || (s[i] >= 'a' && s[i] <= 'f');
		if (dash ? s[i] != '-' : !hex)
			return false;
	}
	return true;
}

char *sha256_hex(struct mem *m, const void *bytes, size_t n)
{
	unsigned char digest[32];
	unsigned int len = sizeof digest;

	if (EVP_Digest(bytes, n, digest, &len, EVP_sha256(), NULL) != 1)
		BUG("no SHA-256");
	return hex_encode(m, digest, len);
}
