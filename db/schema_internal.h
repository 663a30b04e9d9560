/* The migrations as the build embedded them, in order. */
#ifndef DB_SCHEMA_INTERNAL_H
#define DB_SCHEMA_INTERNAL_H

struct db_step {
	const char *name, *sha256, *sql;
};
extern const struct db_step db_steps[];
extern const int db_steps_n;

#endif
