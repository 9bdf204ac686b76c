/*
 * The demonstration's workload: a web server and a client in one small static program, so that it runs the same as a
 * process and as the only file of a container image.
 *
 *   underware-demo web PORT…              answers HTTP on every given port, over IPv4 and IPv6
 *   underware-demo client ADDRESS PORT…   tries every address (a comma list) and port once a second and prints, one
 *                                         line per attempt, what came of it:
 *                                         <time> connect [<address>]:<port> ok 200 | refused | timeout | …
 *   underware-demo check ADDRESS PORT     one attempt; exit 0 when it was answered with 200, else 1
 *   underware-demo version                prints a line: that it can be run at all
 *
 * Everything printed goes to standard output, line by line. SIGTERM and SIGINT end it at once.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_LISTENERS 16
#define ATTEMPT_TIMEOUT_MS 700
#define PAUSE_MS 300

static void finish(int signal_number)
{
	(void)signal_number;
	_exit(0);
}

static void print_time(void)
{
	struct timespec now;
	struct tm utc;
	char text[32];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
	printf("%s.%03ldZ ", text, now.tv_nsec / 1000000);
}

static int parse_port(const char *text)
{
	char *end;
	long port = strtol(text, &end, 10);

	if (*text == '\0' || *end != '\0' || port < 1 || port > 65535) {
		fprintf(stderr, "underware-demo: '%s' is no port: give a number from 1 to 65535\n", text);
		exit(2);
	}
	return (int)port;
}

/* One dual-stack listening socket; ends the program when the port cannot be had. */
static int listen_on(int port)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
	int off = 0, on = 1;
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&any, sizeof(any)) || listen(fd, 64)) {
		fprintf(stderr, "underware-demo: cannot listen on port %d: %s\n", port, strerror(errno));
		exit(1);
	}
	return fd;
}

/* Reads what the client says for at most a moment, answers, closes. */
static void answer(int connection, int port)
{
	char request[1024], body[64], response[256];
	struct pollfd readable = { .fd = connection, .events = POLLIN };
	int body_length, length;

	if (poll(&readable, 1, ATTEMPT_TIMEOUT_MS) > 0 && recv(connection, request, sizeof(request), MSG_DONTWAIT) > 0) {
		body_length = snprintf(body, sizeof(body), "underware demo web on port %d\n", port);
		length = snprintf(response, sizeof(response),
				  "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n"
				  "Connection: close\r\n\r\n%s",
				  body_length, body);
		(void)send(connection, response, (size_t)length, MSG_NOSIGNAL);
	}
	close(connection);
}

static _Noreturn void web(int count, char **ports)
{
	struct pollfd listeners[MAX_LISTENERS];
	int numbers[MAX_LISTENERS];

	if (count > MAX_LISTENERS) {
		fprintf(stderr, "underware-demo: at most %d ports\n", MAX_LISTENERS);
		exit(2);
	}
	for (int i = 0; i < count; i++) {
		numbers[i] = parse_port(ports[i]);
		listeners[i] = (struct pollfd){ .fd = listen_on(numbers[i]), .events = POLLIN };
		print_time();
		printf("listening on port %d\n", numbers[i]);
	}
	for (;;) {
		if (poll(listeners, (nfds_t)count, -1) < 0)
			continue;
		for (int i = 0; i < count; i++) {
			int connection;

			if (!(listeners[i].revents & POLLIN))
				continue;
			connection = accept4(listeners[i].fd, NULL, NULL, SOCK_CLOEXEC);
			if (connection >= 0)
				answer(connection, numbers[i]);
		}
	}
}

/* Fills a socket address from text; returns its length, or 0 when the text is no address. */
static socklen_t parse_address(const char *text, int port, struct sockaddr_storage *address)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;

	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)port);
		return sizeof(*v4);
	}
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons((uint16_t)port);
		return sizeof(*v6);
	}
	return 0;
}

/* Waits for an event on the socket; 0 when it came in time. */
static int wait_for(int fd, short events)
{
	struct pollfd waiting = { .fd = fd, .events = events };

	return poll(&waiting, 1, ATTEMPT_TIMEOUT_MS) > 0 ? 0 : -1;
}

/* One HTTP request; the outcome in words. "ok 200" is the only good one. */
static const char *attempt(const char *host, int port)
{
	static char outcome[64];
	static const char request[] = "GET / HTTP/1.0\r\n\r\n";
	struct sockaddr_storage address;
	socklen_t length = parse_address(host, port, &address), error_length = sizeof(int);
	char response[512];
	ssize_t received;
	int error = 0;
	int fd;

	if (length == 0)
		return "no address";
	fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return strerror(errno);
	if (connect(fd, (struct sockaddr *)&address, length) && errno != EINPROGRESS)
		error = errno;
	else if (wait_for(fd, POLLOUT))
		error = ETIMEDOUT;
	else
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_length);
	if (error) {
		close(fd);
		if (error == ETIMEDOUT)
			return "timeout";
		return error == ECONNREFUSED ? "refused" : strerror(error);
	}
	if (send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) < 0 || wait_for(fd, POLLIN)) {
		close(fd);
		return "no answer";
	}
	received = recv(fd, response, sizeof(response) - 1, 0);
	close(fd);
	if (received < 12)
		return "no answer";
	response[received] = '\0';
	snprintf(outcome, sizeof(outcome), "ok %.3s", response + 9);
	return outcome;
}

static _Noreturn void client(char *addresses, int count, char **ports)
{
	for (;;) {
		char list[512], *rest = list, *host;

		snprintf(list, sizeof(list), "%s", addresses);
		while ((host = strsep(&rest, ","))) {
			for (int i = 0; i < count; i++) {
				const char *outcome = attempt(host, parse_port(ports[i]));

				print_time();
				printf("connect [%s]:%s %s\n", host, ports[i], outcome);
			}
		}
		poll(NULL, 0, PAUSE_MS);
	}
}

int main(int argc, char **argv)
{
	struct sigaction end = { .sa_handler = finish };

	/* As the first process of a container no signal has a default action. */
	sigaction(SIGTERM, &end, NULL);
	sigaction(SIGINT, &end, NULL);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc >= 3 && strcmp(argv[1], "web") == 0)
		web(argc - 2, argv + 2);
	if (argc >= 4 && strcmp(argv[1], "client") == 0)
		client(argv[2], argc - 3, argv + 3);
	if (argc == 4 && strcmp(argv[1], "check") == 0)
		return strcmp(attempt(argv[2], parse_port(argv[3])), "ok 200") == 0 ? 0 : 1;
	if (argc == 2 && strcmp(argv[1], "version") == 0) {
		puts("underware-demo 1");
		return 0;
	}
	fprintf(stderr, "usage: underware-demo web PORT… | client ADDRESS[,ADDRESS…] PORT… | check ADDRESS PORT | version\n");
	return 2;
}
