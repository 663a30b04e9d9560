/* render.c - from facts to sentences; html.c clothes them. */
#include "notify/render.h"

#include "base/str.h"
#include "i18n/i18n.h"
#include "notify/html_internal.h"

#include <string.h>

#define NAME_POINTS   40
#define SUBJECT_NAMES 3 /* more children are "your children" */

/* How many bytes the first `points` characters of valid UTF-8 take. */
static size_t bytes_of(const char *s, size_t points)
{
	size_t n = 0;

	while (s[n] && points--)
		for (n++; ((unsigned char)s[n] & 0xc0) == 0x80; n++)
			;
	return n;
}

/* Mail readers make links of "word.word": a name must not be one. */
static bool looks_like_host(const char *s)
{
	for (const char *dot = strchr(s, '.'); dot; dot = strchr(dot + 1, '.'))
		if (strcspn(dot + 1, " .") > 1)
			return true;
	return false;
}

const char *render_name(struct mem *m, const char *name, bool initials)
{
	const char *trimmed = str_trim(m, str_or(name, ""));
	size_t n = strlen(trimmed);

	if (!n || !str_is_text(trimmed, n) || strpbrk(trimmed, "\r\n\t/\\@:<>\"") ||
	    looks_like_host(trimmed))
		return NULL;
	if (initials)
		return mem_printf(m, "%s.", mem_strndup(m, trimmed, bytes_of(trimmed, 1)));
	return mem_strndup(m, trimmed, bytes_of(trimmed, NAME_POINTS));
}

static const char *const topic_names[MAIL_TOPICS] = {
	[MAIL_REVIEW] = "review",   [MAIL_PLAN] = "plan",       [MAIL_CHANGE] = "change",
	[MAIL_READING] = "reading", [MAIL_MEETING] = "meeting", [MAIL_MINUTES] = "minutes",
	[MAIL_SIGN] = "sign",       [MAIL_MISSING] = "missing",
};

enum mail_topic mail_topic_parse(const char *name)
{
	for (int t = 0; t < MAIL_TOPICS; t++)
		if (str_eq(name, topic_names[t]))
			return (enum mail_topic)t;
	return MAIL_TOPICS;
}

static int topics_of(const struct render_news *news)
{
	int n = 0;

	for (int t = 0; t < MAIL_TOPICS; t++)
		n += news->n[t] > 0;
	return n;
}

/* Nothing but this topic. */
static bool is_only(const struct render_news *news, enum mail_topic topic)
{
	return news->n[topic] > 0 && topics_of(news) == 1;
}

/* The facts with their names made fit, in the reader's order. */
struct scene {
	struct mem *m;
	const struct render_facts *facts;
	const char *language;
	struct render_child *child;
	bool has_own;
};

static const char *say(const struct scene *s, const char *key, const char *name, const char *what,
		       int64_t n)
{
	const struct i18n_arg args[] = {
		{"child", name, 0}, {"name", name, 0}, {"what", what, 0}, {"n", NULL, n}, {0}};
	return i18n(s->m, s->language, key, args);
}

/* "2 midterm reviews and a learning plan" */
static const char *what_of(const struct scene *s, const struct render_news *news)
{
	const char *what[MAIL_TOPICS];
	size_t n = 0;

	for (int t = 0; t < MAIL_TOPICS; t++)
		if (news->n[t] > 0)
			what[n++] = say(s, mem_printf(s->m, "mail.what.%s", topic_names[t]), NULL, NULL,
					news->n[t]);
	return i18n_list(s->m, s->language, what, n);
}

static const char *name_or_yours(const struct scene *s, const struct render_child *c)
{
	return c->name ? c->name : say(s, "mail.child.unnamed", NULL, NULL, 0);
}

/* Those without a name stand last. */
static bool stands_before(const char *language, const struct render_child *a,
			  const struct render_child *b)
{
	if (!a->name || !b->name)
		return a->name && !b->name;
	return i18n_compare(language, a->name, b->name) < 0;
}

/* By insertion: a guardian has a few children. */
static void add_in_order(struct scene *s, size_t n, struct render_child child)
{
	for (; n > 0 && stands_before(s->language, &child, &s->child[n - 1]); n--)
		s->child[n] = s->child[n - 1];
	s->child[n] = child;
}

static void set_scene(struct scene *s, struct mem *m, const struct render_facts *f)
{
	*s = (struct scene){.m = m, .facts = f, .language = f->language};
	s->has_own = topics_of(&f->own) > 0;
	s->child = mem_array(m, struct render_child, f->children + 1);
	for (size_t i = 0; i < f->children; i++) {
		struct render_child child = f->child[i];
		child.name = render_name(m, child.name, f->initials);
		add_in_order(s, i, child);
	}
}

static const char *subject_of_children(const struct scene *s)
{
	size_t n = s->facts->children;
	const char *names[SUBJECT_NAMES];

	for (size_t i = 0; i < n; i++) {
		bool fits = n <= SUBJECT_NAMES && (n == 1 || s->child[i].name);
		if (!fits)
			return say(s, "mail.subject.children", NULL, NULL, 0);
		names[i] = name_or_yours(s, &s->child[i]);
	}
	return say(s, "mail.subject.child", i18n_list(s->m, s->language, names, n), NULL, 0);
}

static const char *subject_of_own(const struct scene *s)
{
	const struct render_news *own = &s->facts->own;

	if (is_only(own, MAIL_REVIEW))
		return say(s, "mail.subject.own", NULL, NULL, own->n[MAIL_REVIEW]);
	if (is_only(own, MAIL_MISSING))
		return say(s, "mail.subject.missing", NULL, NULL, own->n[MAIL_MISSING]);
	return say(s, "mail.subject.own_plan", NULL, NULL, 0);
}

static const char *subject_of(const struct scene *s)
{
	if (s->has_own && s->facts->children)
		return say(s, "mail.subject.several", NULL, NULL, 0);
	return s->has_own ? subject_of_own(s) : subject_of_children(s);
}

static const char *lede_of(const struct scene *s)
{
	const struct render_facts *f = s->facts;

	if (s->has_own && f->children)
		return say(s, "mail.lede.several", NULL, NULL, 0);
	if (s->has_own && is_only(&f->own, MAIL_REVIEW))
		return say(s, "mail.lede.own", NULL, NULL, f->own.n[MAIL_REVIEW]);
	if (s->has_own)
		return say(s, "mail.lede.own_what", NULL, what_of(s, &f->own), 0);
	if (f->children > 1)
		return say(s, "mail.lede.children", NULL, NULL, 0);
	const struct render_child *c = s->child;
	if (is_only(&c->news, MAIL_REVIEW))
		return say(s, "mail.lede.child", name_or_yours(s, c), NULL, c->news.n[MAIL_REVIEW]);
	return say(s, "mail.lede.child_what", name_or_yours(s, c), what_of(s, &c->news), 0);
}

/* One line per person told of; none where the lede has said it all. */
static void lines_of(const struct scene *s, struct html_words *w)
{
	const struct render_facts *f = s->facts;
	size_t persons = f->children + (s->has_own ? 1 : 0);

	w->line = mem_array(s->m, const char *, persons + 1);
	if (persons < 2)
		return;
	if (s->has_own)
		w->line[w->lines++] = say(s, "mail.line.own", NULL, what_of(s, &f->own), 0);
	for (size_t i = 0; i < f->children; i++) {
		const struct render_child *c = &s->child[i];
		const char *what = what_of(s, &c->news);
		w->line[w->lines++] = c->name ? say(s, "mail.line.child", c->name, what, 0)
					      : say(s, "mail.line.unnamed", NULL, what, 0);
	}
}

static const char *text_of(struct mem *m, const struct html_words *w)
{
	struct buf b;

	buf_init(&b, m);
	buf_addf(&b, "%s\n\n%s\n\n%s\n\n", w->title, w->hello, w->lede);
	for (size_t i = 0; i < w->lines; i++)
		buf_addf(&b, "  - %s\n", w->line[i]);
	if (w->lines)
		buf_add(&b, "\n");
	buf_addf(&b, "%s:\n%s\n\n%s\n\n-- \n", w->open, w->link, w->way);
	buf_addf(&b, "%s\n%s\n%s\n", w->school, w->why, w->private);
	return b.p;
}

void render_mail(struct mem *m, const struct render_facts *f, struct render_mail *out)
{
	struct scene s;
	set_scene(&s, m, f);

	const char *name = render_name(m, f->name, false);
	struct html_words w = {
		.language = f->language,
		.title = subject_of(&s),
		.hello = name ? say(&s, "mail.hello", name, NULL, 0)
			      : say(&s, "mail.hello.unnamed", NULL, NULL, 0),
		.lede = lede_of(&s),
		.open = say(&s, "mail.open", NULL, NULL, 0),
		.link = f->link,
		.way = say(&s, "mail.way", NULL, NULL, 0),
		.school = f->school,
		.why = say(&s,
			   f->children                        ? "mail.why.guardian"
			   : is_only(&f->own, MAIL_MISSING)   ? "mail.why.teacher"
							      : "mail.why.student",
			   NULL, NULL, 0),
		.private = say(&s, "mail.private", NULL, NULL, 0),
	};
	lines_of(&s, &w);
	*out = (struct render_mail){
		.subject = w.title, .text = text_of(m, &w), .html = html_page(m, &w)};
}
