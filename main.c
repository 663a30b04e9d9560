#include "base/mem.h"
int main(void)
{
	return 0;
}
