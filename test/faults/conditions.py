"""The conditions of the linter's table: each function looks at a part (or a call) and yields the parameters of the
rule's text for every breach that it finds. Which text, which order and why stands in lint.py.
"""
from call import EXPRESSIONS, STRUCTURES
from expression import Between, Compare, Function, In, Logic, Path, Value, walk
from values import MAX_ITEM, identity, item_size, problem, size, sort_key, text_size, too_deep, type_of

MAX_HASH_KEY = 2048
MAX_RANGE_KEY = 1024
MAX_VALUES = 2 * 1024 * 1024
MAX_TRANSACTION = 4 * 1024 * 1024
MAX_TOKEN = 36
MAX_PLACEHOLDER = 255
#: The expressions that can use values, in the order in which AWS names them.
WITH_VALUES = ("FilterExpression", "KeyConditionExpression", "UpdateExpression", "ConditionExpression")
ORDERED = frozenset(("S", "N", "B"))
#: Operand types that an operator or function can work with, by the operand's position (None: all alike).
OPERAND_TYPES = {
    **{(operator, None): ORDERED for operator in ("<", "<=", ">", ">=", "BETWEEN")},
    ("begins_with", None): frozenset(("S", "B")),
    ("attribute_type", 1): frozenset(("S",)),
    ("size", 0): frozenset(("S", "B", "SS", "NS", "BS", "L", "M")),
}


def show_path(steps):
    return "[" + ", ".join(f"[{step}]" if isinstance(step, int) else step for step in steps) + "]"


def show_value(value):
    (tag, content), = value.items()
    return f"AttributeValue: {{{tag}:{content}}}"


# Values, wherever they stand

def _all_values(part):
    """(value, text before a problem, text after it)"""
    for name, value in part.values.items():
        yield value, "ExpressionAttributeValues contains invalid value: ", f" for key {name}"
    for value in part.members.get("ExclusiveStartKey", {}).values():
        yield value, "The provided starting key is invalid: ", ""
    for item in part.keys + part.items:
        for value in item.values():
            yield value, "", ""


def nesting(part):
    for value, before, after in _all_values(part):
        if too_deep(value):
            yield {"before": before, "after": after}


def value_problem(rule):
    """The condition "some value has that problem"; the values are looked at once for all such rules."""
    def find(part):
        if part.problems is None:
            looked_at = ((problem(value), before, after) for value, before, after in _all_values(part))
            part.problems = [(found[0], {"before": before, "after": after, **found[1]})
                             for found, before, after in looked_at if found]
        return (parameters for found, parameters in part.problems if found == rule)
    return find


# Expressions and their placeholders

def unreadable(rule):
    """The condition "the parser refused an expression for that reason"."""
    def find(part):
        return (parameters for found, parameters in part.errors if found == rule)
    return find


def _used(part, member):
    return set().union(*(getattr(parsed, member) for parsed in part.expressions.values()))


def names_without_expression(part):
    if part.names and not any(kind in part.members for kind in EXPRESSIONS):
        yield {}


def values_without_expression(part):
    kinds = [kind for kind in WITH_VALUES if kind in STRUCTURES[part.action]]
    if part.values and not any(kind in part.members for kind in kinds):
        yield {"expressions": " and ".join(kinds) + (" are" if len(kinds) > 1 else " is")}


def empty_map(member):
    def find(part):
        if part.members.get(member) == {}:
            yield {}
    return find


def bad_placeholder(member, sign):
    def find(part):
        for name in part.members.get(member, ()):
            rest = name[1:].replace("_", "a")
            if name[:1] != sign or not (rest.isascii() and rest.isalnum()) or text_size(name) > MAX_PLACEHOLDER:
                yield {"name": name}
    return find


def undefined_name(part):
    for kind, parsed in part.expressions.items():
        for name in sorted(parsed.names - set(part.names)):
            yield {"kind": kind, "name": name}


def undefined_value(part):
    for kind, parsed in part.expressions.items():
        for name in sorted(parsed.values - set(part.values)):
            yield {"kind": kind, "name": name}


def unused(member, used):
    def find(part):
        idle = sorted(set(part.members.get(member, ())) - _used(part, used))
        if idle:
            yield {"names": ", ".join(idle)}
    return find


def empty_name(part):
    for placeholder, name in part.names.items():
        if not name:
            yield {"placeholder": placeholder}


def values_size(part):
    total = sum(text_size(name) + size(value) for name, value in part.values.items())
    total += sum(text_size(placeholder) + text_size(name) for placeholder, name in part.names.items())
    if total > MAX_VALUES:
        yield {"size": total}


# Operands

def _nodes(part):
    for kind, parsed in part.expressions.items():
        if parsed.condition is not None:
            for node in walk(parsed.condition):
                yield kind, node


def _operation(node):
    return node.name if isinstance(node, Function) else getattr(node, "operator", None)


def operand_type(part):
    for kind, node in _nodes(part):
        for position, operand in enumerate(getattr(node, "operands", ())):
            operation = _operation(node)
            allowed = OPERAND_TYPES.get((operation, None)) or OPERAND_TYPES.get((operation, position))
            if allowed and isinstance(operand, Value) and type_of(part.values[operand.name]) not in allowed:
                yield {"kind": kind, "operation": operation, "type": type_of(part.values[operand.name])}


def first_operand_repeated(part):
    for kind, node in _nodes(part):
        if isinstance(node, (Logic, Value, Path)) or len(node.operands) < 2 or not isinstance(node.operands[0], Path):
            continue
        first = part.resolve(node.operands[0])
        if any(isinstance(other, Path) and part.resolve(other) == first for other in node.operands[1:]):
            yield {"kind": kind, "operation": _operation(node), "path": show_path(first)}


def _bounds(part):
    for kind, node in _nodes(part):
        if isinstance(node, Between) and all(isinstance(bound, Value) for bound in node.operands[1:]):
            low, high = (part.values[bound.name] for bound in node.operands[1:])
            yield kind, low, high


def between_types(part):
    for kind, low, high in _bounds(part):
        if type_of(low) != type_of(high):
            yield {"kind": kind, "low": show_value(low), "high": show_value(high)}


def between_order(part):
    for kind, low, high in _bounds(part):
        if sort_key(low) > sort_key(high):
            yield {"kind": kind, "low": show_value(low), "high": show_value(high)}


# Document paths

def _path_pairs(part):
    """Pairs of paths of which none may be, or contain, the other."""
    for kind, parsed in part.expressions.items():
        paths = parsed.paths if kind == "ProjectionExpression" else parsed.targets
        resolved = sorted((part.resolve(path) for path in paths), key=lambda steps: [str(step) for step in steps])
        for at, one in enumerate(resolved):
            for other in resolved[at + 1:]:
                if one[0] != other[0]:
                    break
                yield kind, one, other


def paths_overlap(part):
    for kind, one, other in _path_pairs(part):
        shorter = min(len(one), len(other))
        if one[:shorter] == other[:shorter]:
            yield {"kind": kind, "one": show_path(one), "two": show_path(other)}


def paths_conflict(part):
    """The same place used as a list by one path and as a map by the other."""
    for kind, one, other in _path_pairs(part):
        for left, right in zip(one, other):
            if left != right:
                if isinstance(left, int) != isinstance(right, int):
                    yield {"kind": kind, "one": show_path(one), "two": show_path(other)}
                break


# Query and Scan: Select, Limit, segments, indexes

def limit_range(part):
    if "Limit" in part.members and part.members["Limit"] < 1:
        yield {"limit": part.members["Limit"]}


def segment_pair(part):
    segment, total = part.members.get("Segment"), part.members.get("TotalSegments")
    if (segment is None) != (total is None):
        given, missing = ("Segment", "TotalSegments") if total is None else ("TotalSegments", "Segment")
        yield {"missing": missing, "given": given}


def segment_range(part):
    segment, total = part.members.get("Segment"), part.members.get("TotalSegments")
    if segment is not None and total is not None and not 0 <= segment < total:
        yield {"segment": segment, "total": total}


def select_value(part):
    select = part.members.get("Select", "COUNT")
    if select not in ("COUNT", "SPECIFIC_ATTRIBUTES", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"):
        yield {"select": select}


def select_with_projection(part):
    what = {"COUNT": "only the Count", "ALL_ATTRIBUTES": "ALL_ATTRIBUTES",
            "ALL_PROJECTED_ATTRIBUTES": "ALL_PROJECTED_ATTRIBUTES"}.get(part.members.get("Select"))
    if what and "ProjectionExpression" in part.members:
        yield {"what": what}


def select_without_projection(part):
    if part.members.get("Select") == "SPECIFIC_ATTRIBUTES" and "ProjectionExpression" not in part.members:
        yield {}


def select_projected_of_table(part):
    if part.members.get("Select") == "ALL_PROJECTED_ATTRIBUTES" and not part.index:
        yield {}


def _index(part):
    return part.schema.indexes.get(part.index) if part.schema and part.index else None


def _global_index(part):
    index = _index(part)
    return index if index and index.is_global else None


def select_all_of_index(part):
    index = _global_index(part)
    if index and not index.holds_all and part.members.get("Select") == "ALL_ATTRIBUTES":
        yield {"index": index.name}


def consistent_read_of_index(part):
    if _global_index(part) and part.members.get("ConsistentRead"):
        yield {}


def unprojected(kind):
    """The condition "the expression names what the global index does not hold"."""
    def find(part):
        index = _global_index(part)
        missing = [name for name in part.attributes(kind) if name not in index.projected] \
            if index and index.projected is not None else []
        if missing:
            yield {"index": index.name, "attributes": ", ".join(missing)}
    return find


def filter_on_queried_key(part):
    if part.action == "Query" and part.schema:
        named = part.attributes("FilterExpression")
        for name, _ in part.schema.queried_keys(part.index):
            if name in named:
                yield {"key": name}


# Key conditions

def missing_key_condition(part):
    if part.action == "Query" and "KeyConditionExpression" not in part.members:
        yield {}


def _key_terms(part):
    """The members of the conjunction that a key condition is."""
    parsed = part.expressions.get("KeyConditionExpression")
    pending = [parsed.condition] if parsed else []
    while pending:
        node = pending.pop(0)
        if isinstance(node, Logic) and node.operator == "AND":
            pending[:0] = node.operands
        else:
            yield node


def key_condition_operator(part):
    for node in _key_terms(part):
        allowed = isinstance(node, Between) or (isinstance(node, Compare) and node.operator != "<>") \
            or (isinstance(node, Function) and node.name == "begins_with")
        if not allowed:
            yield {"operator": _operation(node)}


def key_condition_operands(part):
    invalid = "Invalid condition in KeyConditionExpression: "
    for node in _key_terms(part):
        if isinstance(node, (Logic, In)):
            continue
        paths = [operand for operand in node.operands if isinstance(operand, Path)]
        if any(isinstance(operand, Function) for operand in node.operands):
            yield {"text": "KeyConditionExpressions cannot contain nested operations"}
        elif len(paths) > 1:
            yield {"text": invalid + "Multiple attribute names used in one condition"}
        elif not paths:
            yield {"text": invalid + "No key attribute specified"}
        elif not isinstance(node, Compare) and paths[0] is not node.operands[0]:
            yield {"text": f"{invalid}{_operation(node)} operator must have the key attribute as its first operand"}
        elif len(paths[0].steps) > 1:
            yield {"text": "KeyConditionExpressions cannot have conditions on nested attributes"}


def key_conditions(part):
    """(attribute, operation, values) of every term; the shape has been checked by the two rules above."""
    for node in _key_terms(part):
        path, = (operand for operand in node.operands if isinstance(operand, Path))
        values = [part.values[operand.name] for operand in node.operands if isinstance(operand, Value)]
        yield part.resolve(path)[0], _operation(node), values


def key_condition_twice(part):
    seen = set()
    for attribute, _, _ in key_conditions(part):
        if attribute in seen:
            yield {}
        seen.add(attribute)


def key_condition_missing(part):
    if part.schema and "KeyConditionExpression" in part.expressions:
        conditions = [attribute for attribute, _, _ in key_conditions(part)]
        keys = part.schema.queried_keys(part.index)
        foreign = set(conditions) - {name for name, _ in keys}
        for name, role in keys:
            # AWS names the key that it expected where a condition is on something else.
            if name not in conditions and (role == "HASH" or foreign):
                yield {"key": name}


def key_condition_unsupported(part):
    if part.schema and "KeyConditionExpression" in part.expressions:
        roles = dict(part.schema.queried_keys(part.index))
        for attribute, operation, _ in key_conditions(part):
            if roles and (attribute not in roles or (roles[attribute] == "HASH" and operation != "=")):
                yield {}


def key_condition_type(part):
    if part.schema:
        queried = dict(part.schema.queried_keys(part.index))
        for attribute, _, operands in key_conditions(part):
            if attribute in queried and any(type_of(value) != part.schema.types[attribute] for value in operands):
                yield {}


# Keys and items

def key_shape(part):
    if part.schema:
        wanted = {name: part.schema.types.get(name) for name, _ in part.schema.keys}
        for key in part.keys:
            if {name: type_of(value) for name, value in key.items()} != wanted:
                yield {}


def start_key_shape(part):
    start = part.members.get("ExclusiveStartKey")
    if part.schema and part.schema.queried_keys(part.index) and start is not None:
        wanted = {name: part.schema.types.get(name) for name in part.schema.position_keys(part.index)}
        if {name: type_of(value) for name, value in start.items()} != wanted:
            yield {}


def start_key_outside(part):
    start = part.members.get("ExclusiveStartKey")
    if part.schema and start and "KeyConditionExpression" in part.expressions:
        roles = dict(part.schema.queried_keys(part.index))
        for attribute, _, operands in key_conditions(part):
            if roles.get(attribute) == "HASH" and identity(start[attribute]) != identity(operands[0]):
                yield {}


def item_key_missing(part):
    for item in part.items if part.schema else ():
        for name, _ in part.schema.keys:
            if name not in item:
                yield {"key": name}


def item_key_type(part):
    for item in part.items if part.schema else ():
        for name, _ in part.schema.keys:
            if type_of(item[name]) != part.schema.types[name]:
                yield {"key": name, "expected": part.schema.types[name], "actual": type_of(item[name])}


def _index_keys(part):
    """(index, attribute, value) of every index key that an item to be written carries."""
    for item in part.items if part.schema else ():
        for index in part.schema.indexes.values():
            for name, _ in index.keys:
                if name in item:
                    yield index, name, item[name]


def index_key_type(part):
    for index, name, value in _index_keys(part):
        if type_of(value) != part.schema.types[name]:
            yield {"key": name, "expected": part.schema.types[name], "actual": type_of(value), "index": index.name}


def index_key_empty(part):
    for index, name, value in _index_keys(part):
        if value in ({"S": ""}, {"B": ""}):
            yield {"key": name, "index": index.name, "kind": "string" if "S" in value else "binary"}


def _key_values(part):
    """(attribute, role, value) of every value that is compared with, or becomes, a key."""
    if part.schema:
        queried = dict(part.schema.queried_keys(part.index))
        for attribute, _, operands in key_conditions(part):
            for value in operands:
                yield attribute, queried.get(attribute), value
        for name, role in part.schema.keys:
            for item in part.keys + part.items:
                yield name, role, item[name]


def key_empty(part):
    for attribute, _, value in _key_values(part):
        if value in ({"S": ""}, {"B": ""}):
            yield {"key": attribute, "kind": "string" if "S" in value else "binary"}


def key_size(role, limit):
    """The condition "a key of that role has more bytes than a key may have"."""
    def find(part):
        for _, found, value in _key_values(part):
            if found == role and type_of(value) != "N" and size(value) > limit:
                yield {}
    return find


def item_too_large(part):
    for item in part.items:
        if item_size(item) > MAX_ITEM:
            yield {}


def update_of_key(part):
    parsed = part.expressions.get("UpdateExpression")
    if parsed and part.schema:
        keys = {name for name, _ in part.schema.keys}
        for target in parsed.targets:
            if part.resolve(target)[0] in keys:
                yield {"key": part.resolve(target)[0]}


def _assigned_index_keys(part):
    """(index, attribute, value) of every index key that an update sets to a value."""
    parsed = part.expressions.get("UpdateExpression")
    for target, operand in parsed.assigned if parsed and part.schema else ():
        steps = part.resolve(target)
        for index in part.schema.indexes.values():
            if len(steps) == 1 and isinstance(operand, Value) and steps[0] in dict(index.keys):
                yield index, steps[0], part.values[operand.name]


def update_of_index_key_type(part):
    for index, name, value in _assigned_index_keys(part):
        if type_of(value) != part.schema.types[name]:
            yield {"key": name, "index": index.name}


def update_of_index_key_empty(part):
    for index, name, value in _assigned_index_keys(part):
        if value in ({"S": ""}, {"B": ""}):
            yield {"key": name, "index": index.name, "kind": "string" if "S" in value else "binary"}


def update_unrepeatable(part):
    parsed = part.expressions.get("UpdateExpression")
    if parsed and parsed.unrepeatable:
        yield {"what": parsed.unrepeatable}


# What a write is to give back

RETURNED = {"PutItem": ("NONE", "ALL_OLD"), "DeleteItem": ("NONE", "ALL_OLD"),
            "UpdateItem": ("NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW")}


def one_of(member, allowed):
    """The condition "the parameter has a value that no operation knows"."""
    def find(part):
        if member in part.members and part.members[member] not in allowed:
            yield {"value": part.members[member]}
    return find


def return_values_of_action(part):
    if part.members.get("ReturnValues", "NONE") not in RETURNED.get(part.action, ("NONE",)):
        yield {"allowed": " or ".join(reversed(RETURNED[part.action]))}


# Batches and transactions: these look at the whole call

def token_size(call):
    token = call.body.get("ClientRequestToken")
    if token is not None and not 1 <= len(token) <= MAX_TOKEN:
        yield {"token": token, "how": "greater than or equal to 1" if not token else f"less than or equal to {MAX_TOKEN}"}


def transaction_too_large(call):
    if call.operation == "TransactWriteItems":
        total = sum(item_size(item) for part in call.parts for item in part.items)
        if total > MAX_TRANSACTION:
            yield {"size": total}


def too_many(operation, limit):
    def find(call):
        if call.operation == operation:
            count = len(call.parts) if operation.startswith("Transact") else \
                sum(len(part.keys) + len(part.items) for part in call.parts)
            if count > limit:
                yield {"operation": operation}
    return find


def nothing_asked(call):
    if call.operation.startswith(("Batch", "Transact")):
        if not call.parts or any(part.action.startswith("Batch") and not part.keys + part.items for part in call.parts):
            yield {"member": "requestItems" if "RequestItems" in call.body else "transactItems"}


def _key_identity(part, item):
    """The identity of the item that a key or a whole item names, or None where the table's keys are unknown."""
    names = [name for name, _ in part.schema.keys] if part.schema else None
    if names is None and part.action != "BatchGetItem":
        return None
    return part.table, tuple((name, identity(item[name])) for name in names or sorted(item))


def duplicates(operations):
    def find(call):
        if call.operation in operations:
            found = [_key_identity(part, item) for part in call.parts for item in part.keys + part.items]
            known = [one for one in found if one is not None]
            if len(set(known)) < len(known):
                yield {}
    return find
