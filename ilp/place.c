#include "ilp/place.h"

bool place_read(struct db *db, struct mem *m, const struct viewer *v, struct place *out, struct err *e)
{
	if (!access_check(v, RIGHT_PLACE_CONTENT, e))
		return false;
	viewer_begin(db, m, v);
	int asked = db_add(db, DB_PLACE_ASKED, v->session);
	int reviews = review_list_add(db, v, NULL);
	if (!db_commit(db, e))
		return false;
	if (!db_count(db_rows(db, asked)))
		return err_set(e, ERR_NOT_FOUND, "this session answers no request");
	out->asked = db_text(db_rows(db, asked), 0, 0);
	review_list_read(db, m, reviews, &out->reviews, &out->n);
	return true;
}
