/*
 * Stands in a network namespace, so that a container of Docker's engine can join it: `uw-sandbox FILE`.
 *
 * The engine joins no namespace by its path, only that of another container, which it finds by the first process of that
 * container. This program is such a process. It enters the namespace of the file, gives up the one right that takes, and
 * waits to be killed. Its file system is that of the VNF's image: it reads nothing but FILE and starts no other program.
 *
 * Exit code 1: the namespace could not be entered; standard error says why.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int failed(const char *call)
{
	dprintf(STDERR_FILENO, "%s: %s\n", call, strerror(errno));
	return 1;
}

static int give_up_rights(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return syscall(SYS_capset, &header, none);
}

int main(int argc, char **argv)
{
	int namespace;

	if (argc != 2) {
		dprintf(STDERR_FILENO, "usage: uw-sandbox FILE\n");
		return 1;
	}
	namespace = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (namespace < 0)
		return failed("open");
	if (setns(namespace, CLONE_NEWNET) != 0)
		return failed("setns");
	close(namespace);
	if (give_up_rights() != 0)
		return failed("capset");
	for (;;)
		pause();
}
