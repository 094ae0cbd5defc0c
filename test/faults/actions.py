"""Where the answer of a request with a fault comes from: the engine, the engine asked differently, or nowhere."""
import base64

import paging
from errors import CONTENT_TYPE, error_reply
from http1 import Headers, Reply
from wire import huge_stream

#: Actions that replace the engine's answer.
MADE_UP = ("status", "error", "throttle", "body", "body_base64", "redirect", "huge_mb")
DEFAULT_ERROR = {
    500: ("InternalServerError",
          "The request processing has failed because of an unknown error, exception or failure."),
    502: ("InternalServerError", "Bad gateway"),
    503: ("ServiceUnavailableException", "Service is temporarily unavailable."),
    504: ("InternalServerError", "Gateway timeout"),
}
OVER_THROUGHPUT = ("The level of configured provisioned throughput for the table was exceeded. Consider increasing "
                   "your provisioning level with the UpdateTable API.")


def _throttle(given, call):
    """A throttling error with the reason and the resource that AWS names since 2025."""
    given = given if isinstance(given, dict) else {}
    kind = given.get("type", "ProvisionedThroughputExceededException")
    table = call.tables[0] if call.tables else "unknown"
    resource = f"arn:aws:dynamodb:us-east-1:000000000000:table/{table}" + (f"/index/{call.index}" if call.index else "")
    reason = "IndexReadKeyRangeThroughputExceeded" if call.index else "TableReadKeyRangeThroughputExceeded"
    message = OVER_THROUGHPUT if kind.startswith("Provisioned") else "Rate exceeded"
    reply = error_reply(kind, message, ThrottlingReasons=[
        {"reason": given.get("reason", reason), "resource": given.get("resource", resource)}])
    if "retry_after" in given:
        reply.headers.set("x-amz-retry-after", str(given["retry_after"]))
    return reply


def _made_up(action, call):
    if "throttle" in action:
        return _throttle(action["throttle"], call)
    if "redirect" in action:
        return Reply(action.get("status", 301), Headers([("Location", action["redirect"])]))
    plain = Headers([("Content-Type", CONTENT_TYPE)])
    if "huge_mb" in action:
        return Reply(action.get("status", 200), plain, stream=huge_stream(action["huge_mb"], "gzip" in action))
    if "body" in action or "body_base64" in action:
        body = base64.b64decode(action["body_base64"]) if "body_base64" in action else action["body"].encode("utf-8")
        return Reply(action.get("status", 200), plain, body)
    status = action.get("status", 400)
    kind, message = DEFAULT_ERROR.get(status, ("InternalServerError" if status != 400 else "ValidationException",
                                               "An injected fault"))
    return error_reply(action.get("error", kind), action.get("message", message), status)


async def answer(action, call, pages, send):
    """The reply before its bytes are touched. `send` passes a body on to the engine, with the request's own headers."""
    lost = "before" in (action.get("cut"), action.get("stall"))
    if lost or any(name in action for name in MADE_UP):
        if action.get("apply"):
            await send(pages.resolve(call))
        return Reply(200) if lost else _made_up(action, call)
    if call.operation in paging.PAGED:
        if action.get("empty_page"):
            reply = pages.empty_page(call)
            if reply:
                return reply
        if action.get("repeat_key"):
            return await pages.repeat_key(call, send)
        if "page_limit" in action:
            return await pages.small_page(call, action["page_limit"], send)
    if "unprocessed" in action and call.operation in paging.BATCHES:
        return await paging.partial_batch(call, action["unprocessed"], send)
    return await send(pages.resolve(call))
