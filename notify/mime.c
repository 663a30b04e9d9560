/* mime.c - multipart/alternative, text first, both quoted-printable UTF-8.
 *
 * GMime folds and encodes; what it is given is checked here, because a line break
 * in a header value would start a header of the attacker's choice. */
#include "notify/mime.h"

#include "base/str.h"
#include "notify/out.h"

#include <gmime/gmime.h>
#include <pthread.h>
#include <string.h>

static void unref(void *object)
{
	g_object_unref(object);
}

static void gmime_start(void)
{
	g_mime_init();
}

static bool is_header_text(const char *text)
{
	return text && str_is_text(text, strlen(text)) && !strpbrk(text, "\r\n\t");
}

static bool check(const struct mime_mail *mail, struct err *e)
{
	const struct {
		const char *name, *value;
	} header[] = {
		{"from_name", mail->from_name},   {"subject", mail->subject},
		{"message_id", mail->message_id}, {"references", mail->references},
		{"list_name", mail->list_name},   {"list_id", mail->list_id},
		{"language", mail->language},
	};

	for (size_t i = 0; i < sizeof header / sizeof header[0]; i++)
		if (!is_header_text(header[i].value))
			return err_field(e, header[i].name, "control character in %s",
					 header[i].name);
	if (!mail_address_ok(mail->from))
		return err_field(e, "from", "sender is no address");
	if (!mail_address_ok(mail->to))
		return err_field(e, "to", "recipient is no address");
	return true;
}

/* g_mime_text_part_set_text() would choose the smallest charset that fits; every
 * mail of ours is UTF-8. */
static GMimeObject *part_new(const char *subtype, const char *text)
{
	GMimePart *part = GMIME_PART(g_mime_text_part_new_with_subtype(subtype));
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(text, strlen(text));
	GMimeDataWrapper *content =
		g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_text_part_set_charset(GMIME_TEXT_PART(part), "utf-8");
	g_mime_part_set_content(part, content);
	g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	g_object_unref(content);
	g_object_unref(stream);
	return GMIME_OBJECT(part);
}

static void set(GMimeMessage *message, const char *name, const char *value)
{
	g_mime_object_set_header(GMIME_OBJECT(message), name, value, "utf-8");
}

static void add_address(GMimeMessage *message, GMimeAddressType type, const char *name,
			const char *address)
{
	InternetAddress *one = internet_address_mailbox_new(name, address);

	internet_address_set_charset(one, "utf-8"); /* else the smallest that fits */
	internet_address_list_add(g_mime_message_get_addresses(message, type), one);
	g_object_unref(one);
}

static void set_headers(struct mem *m, GMimeMessage *message, const struct mime_mail *mail)
{
	GDateTime *at = g_date_time_new_from_unix_utc(mail->at_s);

	g_mime_message_set_date(message, at);
	g_date_time_unref(at);
	add_address(message, GMIME_ADDRESS_TYPE_FROM, mail->from_name, mail->from);
	add_address(message, GMIME_ADDRESS_TYPE_TO, NULL, mail->to);
	g_mime_message_set_subject(message, mail->subject, "utf-8");
	set(message, "Message-ID", mail->message_id);
	set(message, "References", mail->references);
	char *list_name = g_mime_utils_header_encode_phrase(NULL, mail->list_name, "utf-8");
	set(message, "List-Id", mem_printf(m, "%s <%s>", list_name, mail->list_id));
	g_free(list_name);
	set(message, "Content-Language", mail->language);
	/* RFC 3834 and its older cousin: no robot shall answer. */
	set(message, "Auto-Submitted", "auto-generated");
	set(message, "X-Auto-Response-Suppress", "All");
}

static GMimeMessage *compose(struct mem *m, const struct mime_mail *mail)
{
	GMimeMessage *message = g_mime_message_new(FALSE);
	GMimeMultipart *both = g_mime_multipart_new_with_subtype("alternative");
	GMimeObject *text = part_new("plain", mail->text), *html = part_new("html", mail->html);

	mem_defer(m, unref, message);
	set_headers(m, message, mail);
	/* The boundary needs to be unlike any text, not secret; the library's random one
	 * would make the bytes of each attempt differ. */
	g_mime_multipart_set_boundary(
		both,
		mem_printf(m, "=_%s", sha256_hex(m, mail->message_id, strlen(mail->message_id))));
	g_mime_multipart_add(both, text);
	g_mime_multipart_add(both, html);
	g_mime_message_set_mime_part(message, GMIME_OBJECT(both));
	g_object_unref(text);
	g_object_unref(html);
	g_object_unref(both);
	return message;
}

static void start(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, gmime_start);
}

bool mime_sender(struct mem *m, const char *text, const char **name, const char **address,
		 struct err *e)
{
	start();
	InternetAddressList *list = internet_address_list_parse(NULL, str_or(text, ""));
	InternetAddress *one = list && internet_address_list_length(list) == 1
				       ? internet_address_list_get_address(list, 0)
				       : NULL;
	const char *found = one && INTERNET_ADDRESS_IS_MAILBOX(one)
				    ? INTERNET_ADDRESS_MAILBOX(one)->addr
				    : NULL;
	bool ok = mail_address_ok(found);
	if (ok) {
		*name = mem_strdup(m, str_or(internet_address_get_name(one), ""));
		*address = mem_strdup(m, found);
	}
	if (list)
		g_object_unref(list);
	return ok || err_field(e, "mail_from", "the sender is not one address");
}

bool mime_build(struct mem *m, const struct mime_mail *mail, const char **out, size_t *n_out,
		struct err *e)
{
	if (!check(mail, e))
		return false;
	start();

	GMimeMessage *message = compose(m, mail);
	GMimeFormatOptions *format = g_mime_format_options_new();
	GMimeStream *stream = g_mime_stream_mem_new();
	g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
	g_mime_object_write_to_stream(GMIME_OBJECT(message), format, stream);
	GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	size_t n = bytes->len;
	if (n <= MIME_MAX) {
		*out = mem_strndup(m, (const char *)bytes->data, n);
		*n_out = n;
	}
	g_object_unref(stream);
	g_mime_format_options_free(format);
	return n <= MIME_MAX || err_set(e, ERR_INVALID, "mail of %zu bytes", n);
}
