/*
 * benchbox_pack.c
 *		How the text of a document is stored, and what names a run.
 *
 * The bytes are gzip, so that whoever finds them in the table can read them
 * without us.  They hold UTF-8, whatever the encoding of the database, and no
 * time: the same text gives the same bytes, and an import that is repeated
 * writes what is there already.
 */
#include "base/br.h"

#include <openssl/evp.h>
#include <zlib.h>

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

PG_FUNCTION_INFO_V1(benchbox_pack);
PG_FUNCTION_INFO_V1(benchbox_unpack);
PG_FUNCTION_INFO_V1(benchbox_uuid);

/* Some kilobytes may unpack to gigabytes. */
#define MAX_DOCUMENT (256 * 1024 * 1024)
/* Between two looks at interrupts. */
#define CHUNK (256 * 1024)
/* zlib's: 15 bits of window, with a header of gzip. */
#define GZIP_WINDOW (15 + 16)
#define UNKNOWN_SYSTEM 255

/*
 * 49b72854-d56f-5975-bdf7-c46c687ac2be, the UUIDv5 of "benchresults_fdw:benchbox:run"
 * in the namespace of URLs.  The id of every run is made in it, so it must never change.
 */
static const uint8 run_namespace[UUID_LEN] = {
	0x49, 0xb7, 0x28, 0x54, 0xd5, 0x6f, 0x59, 0x75, 0xbd, 0xf7, 0xc4, 0x6c, 0x68, 0x7a, 0xc2, 0xbe
};

static void *
allocate(void *context, uInt n, uInt size)
{
	return MemoryContextAllocExtended(context, (Size) n * size, MCXT_ALLOC_NO_OOM);
}

static void
release(void *context, void *memory)
{
	pfree(memory);
}

static z_stream
stream_over(const char *bytes, int len)
{
	z_stream	stream = {0};

	stream.zalloc = allocate;
	stream.zfree = release;
	stream.opaque = CurrentMemoryContext;
	stream.next_in = (Bytef *) unconstify(char *, bytes);
	stream.avail_in = len;
	return stream;
}

static void
check_started(int status)
{
	if (status == Z_MEM_ERROR)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	if (status != Z_OK)
		elog(ERROR, "zlib does not start: %d", status);
}

static void
too_long(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("%s has more than %d MB", what, MAX_DOCUMENT / (1024 * 1024))));
}

/* Room for one more chunk behind what there is. */
static void
offer_room(z_stream *stream, StringInfo bytes)
{
	enlargeStringInfo(bytes, CHUNK);
	stream->next_out = (Bytef *) bytes->data + bytes->len;
	stream->avail_out = CHUNK;
}

static void
take(z_stream *stream, StringInfo bytes)
{
	bytes->len += CHUNK - stream->avail_out;
	bytes->data[bytes->len] = '\0';
}

/* A text in UTF-8; its length is in *len. */
static char *
as_utf8(text *value, int *len)
{
	char	   *given = VARDATA_ANY(value);
	char	   *utf8 = pg_server_to_any(given, VARSIZE_ANY_EXHDR(value), PG_UTF8);

	*len = utf8 == given ? VARSIZE_ANY_EXHDR(value) : strlen(utf8);
	return utf8;
}

Datum
benchbox_pack(PG_FUNCTION_ARGS)
{
	int			len;
	char	   *utf8 = as_utf8(PG_GETARG_TEXT_PP(0), &len);
	z_stream	stream = stream_over(utf8, len);
	gz_header	header = {0};
	StringInfoData packed;
	int			status;

	if (len > MAX_DOCUMENT)
		too_long("the document");
	check_started(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 9, Z_DEFAULT_STRATEGY));
	header.os = UNKNOWN_SYSTEM;
	deflateSetHeader(&stream, &header);
	initStringInfo(&packed);
	appendStringInfoSpaces(&packed, VARHDRSZ);
	do
	{
		BR_CHECK_INTERRUPTS();
		offer_room(&stream, &packed);
		status = deflate(&stream, Z_FINISH);
		take(&stream, &packed);
	} while (status == Z_OK || status == Z_BUF_ERROR);
	if (status != Z_STREAM_END)
		elog(ERROR, "zlib does not compress: %d", status);
	deflateEnd(&stream);
	SET_VARSIZE(packed.data, packed.len);
	PG_RETURN_BYTEA_P(packed.data);
}

/* Whether the bytes were a whole gzip file and nothing else; text is what they hold. */
static bool
inflate_all(z_stream *stream, StringInfo text)
{
	int			status;

	do
	{
		BR_CHECK_INTERRUPTS();
		if (text->len > MAX_DOCUMENT)
			too_long("what the bytes unpack to");
		offer_room(stream, text);
		status = inflate(stream, Z_NO_FLUSH);
		take(stream, text);
		if (status == Z_MEM_ERROR)
			ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	} while (status == Z_OK);
	return status == Z_STREAM_END && stream->avail_in == 0;
}

Datum
benchbox_unpack(PG_FUNCTION_ARGS)
{
	bytea	   *packed = PG_GETARG_BYTEA_PP(0);
	z_stream	stream = stream_over(VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed));
	StringInfoData unpacked;
	char	   *converted;

	check_started(inflateInit2(&stream, GZIP_WINDOW));
	initStringInfo(&unpacked);
	if (!inflate_all(&stream, &unpacked))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("the bytes are no packed document"),
				 errdetail("%s.", stream.msg != NULL ? stream.msg :
						   stream.avail_in == 0 ? "They end too early" : "Something follows it")));
	inflateEnd(&stream);
	if (unpacked.len > MAX_DOCUMENT)
		too_long("what the bytes unpack to");
	/* an error if it is no UTF-8, or has what the database cannot hold */
	converted = pg_any_to_server(unpacked.data, unpacked.len, PG_UTF8);
	if (converted != unpacked.data)
		PG_RETURN_TEXT_P(cstring_to_text(converted));
	PG_RETURN_TEXT_P(cstring_to_text_with_len(unpacked.data, unpacked.len));
}

Datum
benchbox_uuid(PG_FUNCTION_ARGS)
{
	int			len;
	char	   *name = as_utf8(PG_GETARG_TEXT_PP(0), &len);
	char	   *hashed = palloc(UUID_LEN + len);
	unsigned char digest[EVP_MAX_MD_SIZE];
	pg_uuid_t  *uuid = palloc(sizeof(pg_uuid_t));

	memcpy(hashed, run_namespace, UUID_LEN);
	memcpy(hashed + UUID_LEN, name, len);
	if (EVP_Digest(hashed, UUID_LEN + len, digest, NULL, EVP_sha1(), NULL) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("OpenSSL computes no SHA-1")));
	memcpy(uuid->data, digest, UUID_LEN);
	uuid->data[6] = (uuid->data[6] & 0x0f) | 0x50;	/* version 5 */
	uuid->data[8] = (uuid->data[8] & 0x3f) | 0x80;	/* variant of RFC 4122 */
	PG_RETURN_UUID_P(uuid);
}
