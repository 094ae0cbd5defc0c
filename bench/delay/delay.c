/*
 * delay.c
 *		A server that answers every request of DynamoDB after the same time,
 *		however many requests are under way, and stores nothing.
 *
 * What a client gains by sending several requests together is measured against
 * it, so it must cost little itself: one thread, one system call to read and
 * one to write a request, answers that are made once.
 *
 *	delay MICROSECONDS		prints its port; ends when its standard input does
 *
 * Every write succeeds.  A Query or Scan of a table whose name ends in digits
 * gets one page of so many items, which are keys only: pk 'p', sk 1, 2, 3...
 * GET /counts tells what was asked since GET /reset.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define MAX_CONNECTIONS	1024
#define MAX_REQUEST		(1024 * 1024)
#define MAX_PAGES		8
#define MAX_EVENTS		256
#define NANOSECONDS		INT64_C(1000000000)

/* Head and body, as they are sent. */
typedef struct Answer
{
	char	   *bytes;
	size_t		len;
} Answer;

typedef struct Connection
{
	bool		open;
	uint32_t	generation;		/* of the file descriptor's uses */
	size_t		used;
	char	   *buffer;			/* of MAX_REQUEST bytes and a NUL; kept */
} Connection;

/* An answer to be sent when its time has come; all wait equally long, so the first is the next. */
typedef struct Waiting
{
	int64_t		due;
	int			fd;
	uint32_t	generation;
	const Answer *answer;
} Waiting;

typedef enum Operation
{
	PUT, UPDATE, DELETE, BATCH, TRANSACT, QUERY, SCAN, OTHER, OPERATIONS
} Operation;

static const struct
{
	const char *name;
	const char *body;			/* NULL: a page */
	const char *item;			/* what stands in a request once for each item; NULL: one item */
} operations[OPERATIONS] = {
	[PUT] = {"PutItem", "{}", NULL},
	[UPDATE] = {"UpdateItem", "{}", NULL},
	[DELETE] = {"DeleteItem", "{}", NULL},
	[BATCH] = {"BatchWriteItem", "{\"UnprocessedItems\":{}}", "Request\":{"},
	[TRANSACT] = {"TransactWriteItems", "{}", "\"TableName\":"},
	[QUERY] = {"Query", NULL, NULL},
	[SCAN] = {"Scan", NULL, NULL},
	[OTHER] = {"other", "{}", NULL}
};

static Connection connections[MAX_CONNECTIONS];
static Waiting waiting[MAX_CONNECTIONS];	/* a ring; no connection waits twice */
static unsigned first_waiting, waiting_end;
static Answer answers[OPERATIONS];
static struct
{
	long		items;
	Answer		answer;
} pages[MAX_PAGES];
static long requests[OPERATIONS], items[OPERATIONS];
static unsigned most_waiting;
static int64_t delay_ns;
static int	epoll_fd, timer_fd;

static void
fail(const char *what)
{
	fprintf(stderr, "delay: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void *
allocate(size_t size)
{
	void	   *memory = malloc(size);

	if (memory == NULL)
		fail("malloc");
	return memory;
}

static int64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * NANOSECONDS + time.tv_nsec;
}

/* ---- answers ---------------------------------------------------------------- */

static Answer
make_answer(const char *body, size_t len)
{
	Answer		answer;
	char		head[256];
	int			head_len = snprintf(head, sizeof(head),
									"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n"
									"x-amzn-RequestId: DELAY\r\nContent-Length: %zu\r\n\r\n", len);

	answer.len = head_len + len;
	answer.bytes = allocate(answer.len);
	memcpy(answer.bytes, head, head_len);
	memcpy(answer.bytes + head_len, body, len);
	return answer;
}

static const Answer *
page_of(long count)
{
	int			i = 0;
	char	   *body;
	size_t		len;

	while (i < MAX_PAGES - 1 && pages[i].answer.bytes != NULL && pages[i].items != count)
		i++;
	if (pages[i].answer.bytes != NULL && pages[i].items == count)
		return &pages[i].answer;
	body = allocate(count * 64 + 128);
	len = sprintf(body, "{\"Items\":[");
	for (long n = 1; n <= count; n++)
		len += sprintf(body + len, "%s{\"pk\":{\"S\":\"p\"},\"sk\":{\"N\":\"%ld\"}}", n > 1 ? "," : "", n);
	len += sprintf(body + len, "],\"Count\":%ld,\"ScannedCount\":%ld}", count, count);
	pages[i].items = count;
	pages[i].answer = make_answer(body, len);
	free(body);
	return &pages[i].answer;
}

static void
make_answers(void)
{
	for (int i = 0; i < OPERATIONS; i++)
		if (operations[i].body != NULL)
			answers[i] = make_answer(operations[i].body, strlen(operations[i].body));
}

/* ---- connections -------------------------------------------------------------- */

static void
hang_up(int fd)
{
	connections[fd].open = false;
	close(fd);
}

/* A client that reads slowly is waited for. */
static void
send_answer(int fd, const Answer *answer)
{
	size_t		sent = 0;

	while (sent < answer->len)
	{
		ssize_t		n = send(fd, answer->bytes + sent, answer->len - sent, MSG_NOSIGNAL);

		if (n > 0)
			sent += n;
		else if (errno == EAGAIN)
			poll(&(struct pollfd) {.fd = fd, .events = POLLOUT}, 1, 1000);
		else if (errno != EINTR)
		{
			hang_up(fd);
			return;
		}
	}
}

static void
set_timer(void)
{
	struct itimerspec spec = {0};
	int64_t		due = waiting[first_waiting % MAX_CONNECTIONS].due;

	spec.it_value.tv_sec = due / NANOSECONDS;
	spec.it_value.tv_nsec = due % NANOSECONDS;
	timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &spec, NULL);
}

static void
answer_later(int fd, const Answer *answer)
{
	if (waiting_end - first_waiting == MAX_CONNECTIONS)
	{
		fprintf(stderr, "delay: too many requests are under way\n");
		exit(1);
	}
	waiting[waiting_end % MAX_CONNECTIONS] = (Waiting) {
		.due = now() + delay_ns, .fd = fd, .generation = connections[fd].generation, .answer = answer
	};
	waiting_end++;
	if (waiting_end - first_waiting > most_waiting)
		most_waiting = waiting_end - first_waiting;
	if (waiting_end - first_waiting == 1)
		set_timer();
}

static void
answer_those_due(void)
{
	int64_t		time = now();

	while (first_waiting != waiting_end && waiting[first_waiting % MAX_CONNECTIONS].due <= time)
	{
		const Waiting *next = &waiting[first_waiting % MAX_CONNECTIONS];

		if (connections[next->fd].open && connections[next->fd].generation == next->generation)
			send_answer(next->fd, next->answer);
		first_waiting++;
	}
	if (first_waiting != waiting_end)
		set_timer();
}

/* ---- requests ------------------------------------------------------------------ */

/* The value of a header, or NULL; ends somewhere before the line does. */
static const char *
header(const char *head, const char *name)
{
	size_t		len = strlen(name);

	for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n"))
		if (strncasecmp(line + 2, name, len) == 0 && line[2 + len] == ':')
			return line + 2 + len + 1 + strspn(line + 2 + len + 1, " ");
	return NULL;
}

static Operation
operation_of(const char *head)
{
	const char *target = header(head, "x-amz-target");
	const char *name = target ? strchr(target, '.') : NULL;

	for (int i = 0; name != NULL && i < OTHER; i++)
		if (strncmp(name + 1, operations[i].name, strlen(operations[i].name)) == 0)
			return i;
	return OTHER;
}

static long
count_of(const char *text, const char *what)
{
	long		count = 0;

	for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what))
		count++;
	return count;
}

/* The digits at the end of the table's name. */
static long
rows_of(const char *body)
{
	const char *name = strstr(body, "\"TableName\":\"");

	if (name == NULL)
		return 0;
	name += strlen("\"TableName\":\"");
	return atol(name + strcspn(name, "0123456789\""));
}

static void
tell_counts(int fd)
{
	char		body[2048];
	size_t		len = sprintf(body, "{\"most_under_way\":%u", most_waiting);
	Answer		answer;

	for (int i = 0; i < OPERATIONS; i++)
		len += sprintf(body + len, ",\"%s\":[%ld,%ld]", operations[i].name, requests[i], items[i]);
	len += sprintf(body + len, "}");
	answer = make_answer(body, len);
	send_answer(fd, &answer);
	free(answer.bytes);
}

static void
serve(int fd, const char *head, const char *body)
{
	Operation	operation;

	if (strncmp(head, "GET /reset", 10) == 0)
	{
		memset(requests, 0, sizeof(requests));
		memset(items, 0, sizeof(items));
		most_waiting = 0;
	}
	if (strncmp(head, "GET ", 4) == 0)
	{
		tell_counts(fd);
		return;
	}
	operation = operation_of(head);
	requests[operation]++;
	items[operation] += operations[operation].item ? count_of(body, operations[operation].item) : 1;
	answer_later(fd, operations[operation].body ? &answers[operation] : page_of(rows_of(body)));
}

/* Serves the whole requests that have arrived; clients send one at a time. */
static void
take_requests(int fd)
{
	Connection *connection = &connections[fd];

	for (;;)
	{
		char	   *end;
		const char *length;
		size_t		size;
		char		after;

		connection->buffer[connection->used] = '\0';
		if ((end = strstr(connection->buffer, "\r\n\r\n")) == NULL)
			return;
		*end = '\0';
		length = header(connection->buffer, "content-length");
		*end = '\r';
		size = end + 4 - connection->buffer + (length ? strtoul(length, NULL, 10) : 0);
		if (size > connection->used)
			return;
		after = connection->buffer[size];
		connection->buffer[size] = '\0';
		serve(fd, connection->buffer, end + 4);
		connection->buffer[size] = after;
		memmove(connection->buffer, connection->buffer + size, connection->used - size);
		connection->used -= size;
	}
}

static void
receive(int fd)
{
	Connection *connection = &connections[fd];
	ssize_t		n = recv(fd, connection->buffer + connection->used, MAX_REQUEST - connection->used, 0);

	if (n > 0)
	{
		connection->used += n;
		take_requests(fd);
	}
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		hang_up(fd);
}

static void
watch(int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
		fail("epoll_ctl");
}

static void
take_connection(int listener)
{
	int			fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	Connection *connection;

	if (fd < 0)
		return;
	if (fd >= MAX_CONNECTIONS)
	{
		close(fd);
		return;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int) {1}, sizeof(int));
	connection = &connections[fd];
	if (connection->buffer == NULL)
		connection->buffer = allocate(MAX_REQUEST + 1);
	connection->open = true;
	connection->generation++;
	connection->used = 0;
	watch(fd);
}

static int
open_listener(void)
{
	int			fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t	len = sizeof(address);

	if (fd < 0 || bind(fd, (struct sockaddr *) &address, len) < 0 || listen(fd, MAX_CONNECTIONS) < 0 ||
		getsockname(fd, (struct sockaddr *) &address, &len) < 0)
		fail("listen");
	printf("%d\n", ntohs(address.sin_port));
	fflush(stdout);
	return fd;
}

/* Something other than a client's request: a connection, time that has passed, or the end. */
static bool
attend_to(int fd, int listener)
{
	uint64_t	expirations;
	char		byte;

	if (fd == listener)
		take_connection(listener);
	else if (fd == timer_fd)
	{
		if (read(timer_fd, &expirations, sizeof(expirations)) > 0)
			answer_those_due();
	}
	else if (fd == STDIN_FILENO)
		return read(STDIN_FILENO, &byte, 1) > 0;
	return true;
}

int
main(int argc, char **argv)
{
	struct epoll_event events[MAX_EVENTS];
	int			listener;

	if (argc != 2 || !isdigit((unsigned char) argv[1][0]))
	{
		fprintf(stderr, "usage: delay MICROSECONDS\n");
		return 2;
	}
	delay_ns = atol(argv[1]) * INT64_C(1000);
	make_answers();
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (epoll_fd < 0 || timer_fd < 0)
		fail("epoll_create1");
	listener = open_listener();
	watch(listener);
	watch(timer_fd);
	watch(STDIN_FILENO);
	for (;;)
	{
		int			n = epoll_wait(epoll_fd, events, MAX_EVENTS, -1);

		for (int i = 0; i < n; i++)
		{
			int			fd = events[i].data.fd;

			if (fd == listener || fd == timer_fd || fd == STDIN_FILENO)
			{
				if (!attend_to(fd, listener))
					return 0;
			}
			else if (connections[fd].open)
				receive(fd);
		}
	}
}
