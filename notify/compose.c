/* compose.c - from a claimed mail to the bytes of its letter.
 *
 * What is told is read here, at the last moment, by today's rights: a notice whose
 * reader lost the right since the event, or whose review is no longer released,
 * is left out; a mail with none left is not sent (I-19, I-20). */
#include "notify/pipeline_internal.h"

#include "base/str.h"
#include "base/sys.h"
#include "i18n/i18n.h"
#include "notify/mime.h"
#include "notify/render.h"

#include <string.h>

/* The columns of notify_facts. */
enum fact {
	FACT_MAIL,
	FACT_MESSAGE_ID,
	FACT_TOKEN,
	FACT_RECIPIENT,
	FACT_EMAIL,
	FACT_NAME,
	FACT_LOCALE,
	FACT_SCHOOL,
	FACT_SCHOOL_LOCALE,
	FACT_MAIL_NAMES,
	FACT_IS_OWN,
	FACT_ABOUT,
	FACT_CHILD,
	FACT_TOPIC,
	FACT_COUNT,
};

/* The rows [first, end) of one mail. */
struct facts {
	const struct db_rows *rows;
	int first, end;
};

static const char *fact(const struct facts *f, enum fact col)
{
	return str_or(db_text(f->rows, f->first, (int)col), "");
}

static const char *language_of(const struct facts *f)
{
	const char *own = i18n_language(fact(f, FACT_LOCALE));
	return own ? own : str_or(i18n_language(fact(f, FACT_SCHOOL_LOCALE)), "en");
}

/* Are both rows about the same child? Rows of one mail are sorted by whom they are about. */
static bool same_person(const struct facts *f, int row, int other)
{
	return other >= f->first && !db_bool(f->rows, other, FACT_IS_OWN) &&
	       str_eq(db_text(f->rows, row, FACT_ABOUT), db_text(f->rows, other, FACT_ABOUT));
}

static void words_of(struct pipeline *p, const struct facts *f, struct render_mail *out)
{
	struct render_child *child =
		mem_array(p->m, struct render_child, (size_t)(f->end - f->first));
	struct render_facts r = {
		.language = language_of(f),
		.school = fact(f, FACT_SCHOOL),
		.name = fact(f, FACT_NAME),
		.initials = str_eq(fact(f, FACT_MAIL_NAMES), "initials"),
		.link = mem_printf(p->m, "%s/m/%s", p->base, fact(f, FACT_TOKEN)),
		.child = child,
	};

	for (int i = f->first; i < f->end; i++) {
		enum mail_topic topic = mail_topic_parse(db_text(f->rows, i, FACT_TOPIC));
		struct render_news *news = &r.own;
		if (topic == MAIL_TOPICS)
			continue;
		if (!db_bool(f->rows, i, FACT_IS_OWN)) {
			if (!r.children || !same_person(f, i, i - 1))
				child[r.children++] =
					(struct render_child){.name = db_text(f->rows, i, FACT_CHILD)};
			news = &child[r.children - 1].news;
		}
		news->n[topic] += db_int(f->rows, i, FACT_COUNT);
	}
	render_mail(p->m, &r, out);
}

/* Mails of one person stand together in a mail reader; the root says nothing. */
static const char *thread_of(struct pipeline *p, const char *tenant, const char *recipient)
{
	const char *who = mem_printf(p->m, "mail thread %s %s", tenant, recipient);
	return mem_printf(p->m, "<%.32s@%s>", sha256_hex(p->m, who, strlen(who)), p->host);
}

/* The school speaks, through us; where `mail_from` names the school itself, once. */
static const char *sender_name(const struct pipeline *p, const char *school)
{
	if (!*p->sender_name || str_eq(p->sender_name, school))
		return school;
	return mem_printf(p->m, "%s – %s", school, p->sender_name);
}

static bool letter_of(struct pipeline *p, struct job *job, const struct facts *f, struct err *e)
{
	const char *school = fact(f, FACT_SCHOOL);
	struct render_mail words;

	words_of(p, f, &words);
	struct mime_mail mail = {
		.from_name = sender_name(p, school),
		.from = p->sender,
		.to = mem_strdup(p->m, fact(f, FACT_EMAIL)),
		.subject = words.subject,
		.message_id = fact(f, FACT_MESSAGE_ID),
		.references = thread_of(p, job->tenant, fact(f, FACT_RECIPIENT)),
		.list_name = school,
		.list_id = mem_printf(p->m, "reviews.%.8s.%s",
				      sha256_hex(p->m, job->tenant, strlen(job->tenant)), p->host),
		.language = language_of(f),
		.text = words.text,
		.html = words.html,
		.at_s = now_s(),
	};
	job->letter = (struct letter){.from = mail.from, .to = mail.to, .owner = job};
	return mime_build(p->m, &mail, &job->letter.bytes, &job->letter.n, e);
}

/* The facts of one mail; rows are sorted by mail. */
static bool facts_find(const struct db_rows *rows, const char *mail, struct facts *out)
{
	int n = db_count(rows), first = 0;

	while (first < n && strcmp(db_text(rows, first, FACT_MAIL), mail) != 0)
		first++;
	int end = first;
	while (end < n && !strcmp(db_text(rows, end, FACT_MAIL), mail))
		end++;
	*out = (struct facts){rows, first, end};
	return first < end;
}

static void compose_one(struct pipeline *p, struct job *job, const struct db_rows *rows)
{
	struct facts f;
	struct err e = {0};

	if (!facts_find(rows, job->mail, &f)) {
		job->state = "expired";
		job->error = "nothing_left";
	} else if (letter_of(p, job, &f, &e)) {
		job->composed = true;
	} else {
		job->state = "failed";
		job->error = str_or(e.field, "compose");
	}
}

bool compose(struct pipeline *p, const char *tenant, struct job *const *job, size_t n,
	     struct err *e)
{
	const char **mail = mem_array(p->m, const char *, n);
	int64_t since = ticks_ms();
	int facts;

	for (size_t i = 0; i < n; i++)
		mail[i] = job[i]->mail;
	do {
		db_begin(p->db, p->m, &(struct db_scope){.tenant = tenant});
		facts = db_add(p->db, DB_NOTIFY_FACTS, db_list(p->m, mail, n), may_hear_of_own(),
			       may_hear_of_child());
		*e = (struct err){0};
	} while (!db_commit(p->db, e) && pipeline_patience(p, since, e));
	if (e->code)
		return false;
	const struct db_rows *rows = db_rows(p->db, facts);
	for (size_t i = 0; i < n; i++)
		compose_one(p, job[i], rows);
	return true;
}
