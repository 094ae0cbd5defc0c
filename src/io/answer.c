/*
 * answer.c
 *		Taking an answer from libcurl: the few headers that matter, and the body.
 *
 * These functions run inside libcurl: nothing here may throw, so memory comes
 * from malloc, and a refusal is noted in the transfer, which libcurl then ends
 * with CURLE_WRITE_ERROR.
 */
#include "base/br.h"

#include "io/transfer.h"

/* 1xx answers and trailers included */
#define MAX_HEADER_BYTES	(256 * 1024)
#define MIN_CAPACITY		(8 * 1024)

/* A stretch of a header line. */
typedef struct Text
{
	const char *ptr;
	size_t		len;
} Text;

static bool
name_is(Text name, const char *expected)
{
	return strlen(expected) == name.len && pg_strncasecmp(name.ptr, expected, name.len) == 0;
}

static Text
trimmed(const char *ptr, size_t len)
{
	while (len > 0 && (*ptr == ' ' || *ptr == '\t'))
	{
		ptr++;
		len--;
	}
	while (len > 0 && strchr(" \t\r\n", ptr[len - 1]) != NULL)
		len--;
	return (Text) {ptr, len};
}

/* Cuts what does not fit, and replaces what does not belong into a header. */
static void
copy_text(char *target, size_t size, Text value)
{
	size_t		len = Min(value.len, size - 1);
	size_t		i;

	for (i = 0; i < len; i++)
		target[i] = (value.ptr[i] >= ' ' && value.ptr[i] <= '~') ? value.ptr[i] : '?';
	target[len] = '\0';
}

/* Digits only, at most max. */
static bool
parse_number(Text value, uint64 max, uint64 *result)
{
	size_t		i;

	*result = 0;
	for (i = 0; i < value.len; i++)
	{
		int			digit = value.ptr[i] - '0';

		if (digit < 0 || digit > 9 || *result > (max - digit) / 10)
			return false;
		*result = *result * 10 + digit;
	}
	return value.len > 0;
}

static bool
refuse_length(BrTransfer *transfer)
{
	return br_error(&transfer->refusal, BR_ERR_LIMIT,
					"answer from \"%s\" is longer than %zu bytes",
					transfer->authority, transfer->max_response);
}

/*
 * No encoding was asked for; a body in one could neither be decoded nor be held
 * against its checksum.
 */
static bool
check_encoding(BrTransfer *transfer, Text value)
{
	char		encoding[40];

	if (name_is(value, "identity"))
		return true;
	copy_text(encoding, sizeof(encoding), value);
	return br_error(&transfer->refusal, BR_ERR_PROTOCOL,
					"answer from \"%s\" has the unexpected content encoding \"%s\"",
					transfer->authority, encoding);
}

static bool
take_header(BrTransfer *transfer, Text name, Text value)
{
	BrHttpResponse *response = &transfer->response;
	uint64		number;

	if (name_is(name, "content-length"))
	{
		if (!parse_number(value, PG_INT64_MAX, &number))
			return true;		/* libcurl will not have it either */
		if (number > transfer->max_response)
			return refuse_length(transfer);
		transfer->content_length = number;
	}
	else if (name_is(name, "content-encoding"))
		return check_encoding(transfer, value);
	else if (name_is(name, "x-amz-crc32"))
	{
		response->has_crc32 = true;
		response->crc32 = parse_number(value, PG_UINT32_MAX, &number) ? number : BR_CRC32_GARBLED;
	}
	else if (name_is(name, "x-amz-retry-after"))
		response->retry_after_ms = parse_number(value, INT_MAX, &number) ? (long) number : -1;
	else if (name_is(name, "date"))
	{
		char		date[64];
		time_t		time;

		copy_text(date, sizeof(date), value);
		time = curl_getdate(date, NULL);
		response->server_time = time > 0 ? time : 0;
	}
	else if (name_is(name, "x-amzn-requestid"))
		copy_text(response->request_id, sizeof(response->request_id), value);
	else if (name_is(name, "x-amzn-errortype"))
		copy_text(response->error_type, sizeof(response->error_type), value);
	return true;
}

/* Forgets the headers of an answer 1xx, when the next answer begins. */
static void
begin_answer(BrTransfer *transfer)
{
	BrHttpResponse *response = &transfer->response;

	transfer->content_length = 0;
	response->has_crc32 = false;
	response->retry_after_ms = -1;
	response->server_time = 0;
	response->request_id[0] = '\0';
	response->error_type[0] = '\0';
}

/* libcurl hands over one whole line at a time. */
size_t
br_answer_header(char *data, size_t size, size_t count, void *arg)
{
	BrTransfer *transfer = arg;
	size_t		len = size * count;
	const char *colon = memchr(data, ':', len);

	transfer->header_bytes += len;
	if (transfer->header_bytes > MAX_HEADER_BYTES)
	{
		br_error(&transfer->refusal, BR_ERR_PROTOCOL,
				 "answer from \"%s\" has more than %d bytes of headers",
				 transfer->authority, MAX_HEADER_BYTES);
		return 0;
	}
	if (transfer->response.len > 0)
		return len;				/* a trailer */
	if (len >= 5 && memcmp(data, "HTTP/", 5) == 0)
		begin_answer(transfer);
	else if (colon != NULL &&
			 !take_header(transfer, trimmed(data, colon - data),
						  trimmed(colon + 1, data + len - colon - 1)))
		return 0;
	return len;
}

/* Room for len bytes and the NUL. */
static bool
reserve(BrTransfer *transfer, size_t len)
{
	BrHttpResponse *response = &transfer->response;
	size_t		capacity = Max(response->capacity * 2, MIN_CAPACITY);
	char	   *body;

	if (len < response->capacity)
		return true;
	capacity = Min(capacity, transfer->max_response + 1);
	capacity = Max(capacity, Max(len, transfer->content_length) + 1);
	body = realloc(response->body, capacity);
	if (body == NULL)
		return br_error(&transfer->refusal, BR_ERR_MEMORY,
						"out of memory for an answer of %zu bytes", capacity);
	response->body = body;
	response->capacity = capacity;
	return true;
}

size_t
br_answer_body(char *data, size_t size, size_t count, void *arg)
{
	BrTransfer *transfer = arg;
	BrHttpResponse *response = &transfer->response;
	size_t		len = size * count;

	if (len > transfer->max_response - response->len)
	{
		refuse_length(transfer);
		return 0;
	}
	if (!reserve(transfer, response->len + len))
		return 0;
	memcpy(response->body + response->len, data, len);
	response->len += len;
	response->body[response->len] = '\0';
	return len;
}
