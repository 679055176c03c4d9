/* SPDX-License-Identifier: MIT */
/*
 * Runs a command as the root of a user namespace to which some of bpf(2) is delegated, as a container manager does it:
 * the file system of type bpf belongs to the namespace, and who is privileged outside says what it delegates (Linux 6.9).
 *
 *   token-namespace [--uid UID] [-o OPTION=VALUE]... DIRECTORY COMMAND [ARGUMENT...]
 *
 * DIRECTORY  where the command finds the file system; nobody else sees it there
 * -o         a mount option: delegate_cmds, delegate_maps, delegate_progs, delegate_attachs
 * --uid      who the namespace's root is outside; 65534 if it is not said
 *
 * Ends with the code of the command; 125 when the namespace cannot be made, with the reason.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAILED 125
#define MAX_OPTIONS 16

static void fail(const char *what)
{
	fprintf(stderr, "token-namespace: %s: %s\n", what, strerror(errno));
	_exit(FAILED);
}

static void check(long result, const char *what)
{
	if (result < 0)
		fail(what);
}

/* One byte, and with it a descriptor unless that is -1. */
static void tell(int socket, int fd)
{
	char byte = 0, space[CMSG_SPACE(sizeof(int))] = {};
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1 };

	if (fd >= 0) {
		struct cmsghdr *rights;

		message.msg_control = space;
		message.msg_controllen = sizeof(space);
		rights = CMSG_FIRSTHDR(&message);
		rights->cmsg_level = SOL_SOCKET;
		rights->cmsg_type = SCM_RIGHTS;
		rights->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(rights), &fd, sizeof(int));
	}
	check(sendmsg(socket, &message, 0), "sendmsg");
}

/* The other side's byte, and the descriptor that came with it, or -1. A side that has ended said why. */
static int hear(int socket)
{
	char byte, space[CMSG_SPACE(sizeof(int))];
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof(space) };
	struct cmsghdr *rights;
	int fd = -1;

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) <= 0)
		_exit(FAILED);
	rights = CMSG_FIRSTHDR(&message);
	if (rights)
		memcpy(&fd, CMSG_DATA(rights), sizeof(int));
	return fd;
}

/* Inside: makes the file system, has it configured outside, mounts it, and becomes the command. */
static void inside(int socket, const char *directory, char **command)
{
	int configuration, mounted;

	check(prctl(PR_SET_PDEATHSIG, SIGKILL), "PR_SET_PDEATHSIG");
	check(unshare(CLONE_NEWUSER), "unshare of the user namespace");
	tell(socket, -1);
	hear(socket);
	check(setgroups(0, NULL), "setgroups");
	check(setresgid(0, 0, 0), "setresgid");
	check(setresuid(0, 0, 0), "setresuid");
	/* Another user's process is not told of its parent's death any more. */
	check(prctl(PR_SET_PDEATHSIG, SIGKILL), "PR_SET_PDEATHSIG");
	check(unshare(CLONE_NEWNS | CLONE_NEWNET), "unshare of mounts and network");
	check(syscall(SYS_mount, NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "making mounts private");
	configuration = syscall(SYS_fsopen, "bpf", FSOPEN_CLOEXEC);
	check(configuration, "fsopen");
	tell(socket, configuration);
	hear(socket);
	mounted = syscall(SYS_fsmount, configuration, FSMOUNT_CLOEXEC, 0);
	check(mounted, "fsmount");
	check(syscall(SYS_move_mount, mounted, "", AT_FDCWD, directory, MOVE_MOUNT_F_EMPTY_PATH), directory);
	close(mounted);
	close(configuration);
	execvp(command[0], command);
	fail(command[0]);
}

static void write_map(pid_t child, const char *kind, const char *uid)
{
	char path[64], line[64];
	int file, length;

	snprintf(path, sizeof(path), "/proc/%d/%s", child, kind);
	length = snprintf(line, sizeof(line), "0 %s 1\n", uid);
	file = open(path, O_WRONLY | O_CLOEXEC);
	check(file, path);
	check(write(file, line, length), path);
	close(file);
}

int main(int count, char **arguments)
{
	const char *uid = "65534", *options[MAX_OPTIONS];
	int sockets[2], at = 1, option_count = 0, configuration, status;
	pid_t child;

	for (; at + 1 < count && arguments[at][0] == '-'; at += 2) {
		if (!strcmp(arguments[at], "--uid"))
			uid = arguments[at + 1];
		else if (!strcmp(arguments[at], "-o") && option_count < MAX_OPTIONS && strchr(arguments[at + 1], '='))
			options[option_count++] = arguments[at + 1];
		else
			break;
	}
	if (at + 2 > count || arguments[at][0] == '-') {
		fprintf(stderr, "usage: token-namespace [--uid UID] [-o OPTION=VALUE]... DIRECTORY COMMAND [ARGUMENT...]\n");
		return FAILED;
	}
	check(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), "socketpair");
	child = fork();
	check(child, "fork");
	if (child == 0) {
		close(sockets[0]);
		inside(sockets[1], arguments[at], arguments + at + 1);
	}
	close(sockets[1]);
	hear(sockets[0]);
	write_map(child, "uid_map", uid);
	write_map(child, "gid_map", uid);
	tell(sockets[0], -1);

	configuration = hear(sockets[0]);
	for (int i = 0; i < option_count; i++) {
		const char *value = strchr(options[i], '=');
		char *key = strndup(options[i], value - options[i]);

		check(syscall(SYS_fsconfig, configuration, FSCONFIG_SET_STRING, key, value + 1, 0), options[i]);
		free(key);
	}
	check(syscall(SYS_fsconfig, configuration, FSCONFIG_CMD_CREATE, NULL, NULL, 0), "creation of the file system");
	tell(sockets[0], -1);
	close(configuration);

	check(waitpid(child, &status, 0), "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
