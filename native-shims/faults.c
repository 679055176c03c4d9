/* SPDX-License-Identifier: MIT */
/*
 * Lets chosen system calls of a thread fail: libfaults.so, for tests of what a library does when the kernel refuses it something.
 *
 * The thread asks the kernel to report its calls (a seccomp filter with a listener, Linux 5.5, which is of that thread alone and lasts
 * until it ends); another thread, which runs no managed code, lets each of them go on, or fail with an errno in place of being made.
 * So a scenario can be repeated in one process: its first call fails, its second, and so on until none was left to fail. Whatever
 * makes the call is caught, the C library, the runtime's own native code and ours.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	int number;
	const char *name;
	short path; /* which argument is a path, or -1 */
	short fd; /* which argument is a descriptor, or -1 */
} calls[] = {
	{ SYS_bpf, "bpf", -1, -1 },
	{ SYS_perf_event_open, "perf_event_open", -1, -1 },
	{ SYS_openat, "openat", 1, -1 },
#ifdef SYS_openat2
	{ SYS_openat2, "openat2", 1, -1 },
#endif
	{ SYS_read, "read", -1, 0 },
	{ SYS_pread64, "pread64", -1, 0 },
	{ SYS_write, "write", -1, 0 },
	{ SYS_pwrite64, "pwrite64", -1, 0 },
	{ SYS_fstat, "fstat", -1, 0 },
	{ SYS_statx, "statx", 1, -1 },
	{ SYS_newfstatat, "newfstatat", 1, -1 },
	{ SYS_statfs, "statfs", 0, -1 },
	{ SYS_faccessat, "faccessat", 1, -1 },
	{ SYS_getdents64, "getdents64", -1, 0 },
	{ SYS_readlinkat, "readlinkat", 1, -1 },
	{ SYS_mkdirat, "mkdirat", 1, -1 },
	{ SYS_unlinkat, "unlinkat", 1, -1 },
	{ SYS_lseek, "lseek", -1, 0 },
	{ SYS_flock, "flock", -1, 0 },
	{ SYS_fcntl, "fcntl", -1, 0 },
	{ SYS_ioctl, "ioctl", -1, 0 },
	{ SYS_mmap, "mmap", -1, 4 },
	{ SYS_mremap, "mremap", -1, -1 },
	{ SYS_socket, "socket", -1, -1 },
	{ SYS_bind, "bind", -1, 0 },
	{ SYS_connect, "connect", -1, 0 },
	{ SYS_sendto, "sendto", -1, 0 },
	{ SYS_sendmsg, "sendmsg", -1, 0 },
	{ SYS_recvfrom, "recvfrom", -1, 0 },
	{ SYS_recvmsg, "recvmsg", -1, 0 },
	{ SYS_setsockopt, "setsockopt", -1, 0 },
	{ SYS_getsockopt, "getsockopt", -1, 0 },
	{ SYS_ppoll, "ppoll", -1, -1 },
	{ SYS_epoll_create1, "epoll_create1", -1, -1 },
	{ SYS_epoll_ctl, "epoll_ctl", -1, 0 },
	{ SYS_epoll_pwait, "epoll_pwait", -1, 0 },
	{ SYS_eventfd2, "eventfd2", -1, -1 },
	{ SYS_memfd_create, "memfd_create", -1, -1 },
	{ SYS_prlimit64, "prlimit64", -1, -1 },
	{ SYS_process_vm_readv, "process_vm_readv", -1, -1 },
	{ SYS_process_vm_writev, "process_vm_writev", -1, -1 },
	{ SYS_fsopen, "fsopen", -1, -1 },
	{ SYS_fsconfig, "fsconfig", -1, -1 },
	{ SYS_fsmount, "fsmount", -1, -1 },
#ifdef SYS_open /* x86-64 has the older forms too */
	{ SYS_open, "open", 0, -1 },
	{ SYS_stat, "stat", 0, -1 },
	{ SYS_lstat, "lstat", 0, -1 },
	{ SYS_access, "access", 0, -1 },
	{ SYS_readlink, "readlink", 0, -1 },
	{ SYS_mkdir, "mkdir", 0, -1 },
	{ SYS_rmdir, "rmdir", 0, -1 },
	{ SYS_unlink, "unlink", 0, -1 },
	{ SYS_poll, "poll", -1, -1 },
	{ SYS_epoll_wait, "epoll_wait", -1, 0 },
	{ SYS_eventfd, "eventfd", -1, -1 },
#endif
};

struct faults {
	int listener;
	int thread;
	pthread_mutex_t lock;
	pthread_cond_t begun;
	long wanted; /* which call is to fail, from 1; 0 is none */
	int rest; /* whether all after it fail too */
	int error;
	int only; /* the one system call that counts, or -1 for all */
	int command; /* of bpf(2), the one command that counts, or -1 */
	long seen;
	char failed[256];
};

/*
 * Files that the runtime reads for itself, which would be its end: assemblies, libraries, symbols, its own memory, and the pipes by
 * which it lets a new thread begin, such as the one that compiles methods anew. No scenario has pipes of its own.
 */
static int is_of_runtime(const char *path)
{
	static const char *const endings[] = { ".dll", ".so", ".pdb", ".exe", ".json" };
	const char *name = strrchr(path, '/');

	if (!strncmp(path, "/memfd:doublemapper", 19) || !strncmp(path, "pipe:[", 6) || strstr(path, ".so."))
		return 1;
	name = name ? name : path;
	for (size_t i = 0; i < COUNT(endings); i++) {
		size_t length = strlen(name), end = strlen(endings[i]);

		/* bpf.so.example.o is none, nor is a test object. */
		if (length >= end && !strcmp(name + length - end, endings[i]) && !strstr(path, "uprobe-target"))
			return 1;
	}
	return 0;
}

static int name_of(int fd, char *target, size_t size)
{
	char path[64];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	length = readlink(path, target, size - 1);
	target[length < 0 ? 0 : length] = 0;
	return length > 0;
}

/* Whether the call counts; describes it. */
static int describe(const struct faults *f, const struct seccomp_data *data, char *text, size_t size)
{
	char target[200] = "";
	size_t i = 0;

	while (i < COUNT(calls) && calls[i].number != data->nr)
		i++;
	if (i == COUNT(calls) || (f->only >= 0 && f->only != data->nr))
		return 0;
	if (data->nr == SYS_bpf) {
		snprintf(text, size, "bpf %d", (int)data->args[0]);
		return f->command < 0 || f->command == (int)data->args[0];
	}
	/* Memory is the runtime's, unless it is that of a file, which it never maps for itself after its start. */
	if (data->nr == SYS_mmap && ((int)data->args[3] & MAP_ANONYMOUS))
		return 0;
	if (calls[i].path >= 0 && data->args[calls[i].path])
		snprintf(target, sizeof(target), "%s", (const char *)data->args[calls[i].path]);
	else if (calls[i].fd >= 0)
		name_of((int)data->args[calls[i].fd], target, sizeof(target));
	snprintf(text, size, "%s %s", calls[i].name, target);
	return !is_of_runtime(target);
}

static void *supervise(void *argument)
{
	struct faults *f = argument;
	struct seccomp_notif_sizes sizes;
	struct seccomp_notif *request;
	struct seccomp_notif_resp *answer;

	pthread_mutex_lock(&f->lock);
	while (!f->listener)
		pthread_cond_wait(&f->begun, &f->lock);
	pthread_mutex_unlock(&f->lock);
	syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes);
	request = calloc(1, sizes.seccomp_notif > sizeof(*request) ? sizes.seccomp_notif : sizeof(*request));
	answer = calloc(1, sizes.seccomp_notif_resp > sizeof(*answer) ? sizes.seccomp_notif_resp : sizeof(*answer));
	for (;;) {
		char text[256];
		int counts, fails;

		struct pollfd ready = { f->listener, POLLIN, 0 };

		/* POLLHUP: nobody has the filter any more (Linux 5.9). */
		if (f->listener < 0 || (poll(&ready, 1, -1) > 0 && !(ready.revents & POLLIN)))
			break;
		memset(request, 0, sizes.seccomp_notif);
		if (ioctl(f->listener, SECCOMP_IOCTL_NOTIF_RECV, request)) {
			if (errno == EINTR || errno == ENOENT)
				continue; /* a signal ended the call before it was taken */
			break;
		}
		pthread_mutex_lock(&f->lock);
		/* Threads and processes that the thread started have its filter, and are left alone. */
		counts = f->wanted >= 0 && (int)request->pid == f->thread && describe(f, &request->data, text, sizeof(text));
		fails = counts && (f->seen + 1 == f->wanted || (f->rest && f->wanted > 0 && f->seen >= f->wanted));
		memset(answer, 0, sizes.seccomp_notif_resp);
		answer->id = request->id;
		if (fails)
			answer->error = -f->error;
		else
			answer->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		/* A signal that came meanwhile has taken the call back; it comes again, and counts then. */
		if (!ioctl(f->listener, SECCOMP_IOCTL_NOTIF_SEND, answer) && counts) {
			f->seen++;
			if (fails)
				snprintf(f->failed, sizeof(f->failed), "%s", text);
		}
		pthread_mutex_unlock(&f->lock);
	}
	free(request);
	free(answer);
	close(f->listener);
	free(f);
	return NULL;
}

/*
 * Has the calls of this thread reported until it ends, and what it returned is good for as long. NULL, with errno, where the kernel has no such thing.
 * `only` is the one system call that counts, or -1 for all that are listed above, and `command` that of bpf(2), or -1.
 */
EXPORT struct faults *faults_start(int only, int command)
{
	struct sock_filter filter[COUNT(calls) + 4];
	struct sock_fprog program = { 0, filter };
	struct faults *f = calloc(1, sizeof(*f));
	pthread_t supervisor;
	size_t n = 0;
	int listener;

	f->thread = (int)syscall(SYS_gettid);
	f->only = only;
	f->command = command;
	f->wanted = -1;
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->begun, NULL);
	filter[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < COUNT(calls); i++)
		filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i].number, COUNT(calls) - i, 0);
	filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	program.len = n;
	/* Before the filter is there, lest the supervisor has it too. */
	if (pthread_create(&supervisor, NULL, supervise, f)) {
		free(f);
		return NULL;
	}
	pthread_detach(supervisor);
	listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	pthread_mutex_lock(&f->lock);
	f->listener = listener; /* where there is none, the supervisor ends at once */
	pthread_cond_signal(&f->begun);
	pthread_mutex_unlock(&f->lock);
	return listener < 0 ? NULL : f;
}

/* From here on, lets the call of this number fail, counted from 1, once; 0 lets none fail and counts them. */
EXPORT void faults_arm(struct faults *f, long wanted, int error)
{
	pthread_mutex_lock(&f->lock);
	f->wanted = wanted;
	f->rest = 0;
	f->error = error;
	f->seen = 0;
	f->failed[0] = 0;
	pthread_mutex_unlock(&f->lock);
}

/* After faults_arm: lets all calls after that one fail too. */
EXPORT void faults_rest(struct faults *f)
{
	pthread_mutex_lock(&f->lock);
	f->rest = 1;
	pthread_mutex_unlock(&f->lock);
}

/* Lets no call fail any more, and counts none; how many there were, and which failed, if any. */
EXPORT long faults_disarm(struct faults *f, char *failed, size_t size)
{
	long seen;

	pthread_mutex_lock(&f->lock);
	f->wanted = -1;
	seen = f->seen;
	snprintf(failed, size, "%s", f->failed);
	pthread_mutex_unlock(&f->lock);
	return seen;
}
