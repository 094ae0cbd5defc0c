"""The strict request linter: the one table of what AWS refuses, in the order in which a request is judged.

Each rule has an id, the rule of reference it rests on (R, F and G numbers of the project's DynamoDB rules), the function
that finds breaches, and AWS's error text. Emulators let many of these pass; a request that breaks one is answered with
ValidationException, as AWS would, and recorded. Rules that need the table's schema find nothing where it is unknown.
"""
from typing import NamedTuple

import conditions as c
from errors import Refusal

VALIDATION = "ValidationException"
INVALID = "One or more parameter values were invalid: "


class Rule(NamedTuple):
    id: str
    source: str
    find: object
    text: str
    #: True where the function looks at the whole call, not at one part
    whole: bool = False


RULES = (
    # structure of batches
    Rule("batch-empty", "R11", c.nothing_asked,
         "1 validation error detected: Value at '{member}' failed to satisfy constraint: Member must have length "
         "greater than or equal to 1", True),
    Rule("batch-get-count", "R11", c.too_many("BatchGetItem", 100),
         "Too many items requested for the BatchGetItem call", True),
    Rule("batch-write-count", "R32", c.too_many("BatchWriteItem", 25),
         "Too many items requested for the BatchWriteItem call", True),
    Rule("transaction-count", "R32", c.too_many("TransactWriteItems", 100),
         "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length "
         "less than or equal to 100", True),
    Rule("limit-range", "R14", c.limit_range,
         "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must have value "
         "greater than or equal to 1"),
    Rule("select-value", "R7", c.select_value,
         "1 validation error detected: Value '{select}' at 'select' failed to satisfy constraint: Member must satisfy "
         "enum value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]"),

    Rule("token-size", "G5", c.token_size,
         "1 validation error detected: Value '{token}' at 'clientRequestToken' failed to satisfy constraint: Member must "
         "have length {how}", True),
    Rule("return-values", "G2", c.one_of("ReturnValues", c.RETURNED["UpdateItem"]),
         "1 validation error detected: Value '{value}' at 'returnValues' failed to satisfy constraint: Member must "
         "satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"),
    Rule("return-values-action", "G2", c.return_values_of_action, "ReturnValues can only be {allowed}"),
    Rule("return-on-failure", "G5", c.one_of("ReturnValuesOnConditionCheckFailure", ("ALL_OLD", "NONE")),
         "1 validation error detected: Value '{value}' at 'returnValuesOnConditionCheckFailure' failed to satisfy "
         "constraint: Member must satisfy enum value set: [ALL_OLD, NONE]"),

    # placeholders, before the expressions are read
    Rule("names-alone", "R10", c.names_without_expression,
         "ExpressionAttributeNames can only be specified when using expressions"),
    Rule("values-alone", "R10", c.values_without_expression,
         "ExpressionAttributeValues can only be specified when using expressions: {expressions} null"),
    Rule("names-empty", "R10", c.empty_map("ExpressionAttributeNames"),
         "ExpressionAttributeNames must not be empty"),
    Rule("values-empty", "R10", c.empty_map("ExpressionAttributeValues"),
         "ExpressionAttributeValues must not be empty"),
    Rule("name-syntax", "R10", c.bad_placeholder("ExpressionAttributeNames", "#"),
         'ExpressionAttributeNames contains invalid key: Syntax error; key: "{name}"'),
    Rule("value-syntax", "R10", c.bad_placeholder("ExpressionAttributeValues", ":"),
         'ExpressionAttributeValues contains invalid key: Syntax error; key: "{name}"'),
    Rule("name-empty", "R13", c.empty_name,
         "ExpressionAttributeNames contains invalid value: Empty attribute name for key {placeholder}"),

    # values
    Rule("nesting", "R34", c.nesting,
         "{before}Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
         "supported limit{after}"),
    Rule("value-type", "R34", c.value_problem("value-type"),
         "{before}Supplied AttributeValue is empty, must contain exactly one of the supported datatypes{after}"),
    Rule("value-types", "R34", c.value_problem("value-types"),
         "{before}Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
         "datatypes{after}"),
    Rule("null-false", "R34", c.value_problem("null-false"),
         "{before}" + INVALID + "Null attribute value types must have the value of true{after}"),
    Rule("binary-syntax", "R34", c.value_problem("binary-syntax"),
         "{before}only base-64-encoded strings are convertible to bytes{after}"),
    # The two spaces are AWS's.
    Rule("set-empty", "R34", c.value_problem("set-empty"),
         "{before}" + INVALID + "An {kind} set  may not be empty{after}"),
    Rule("set-duplicates", "R34", c.value_problem("set-duplicates"),
         "{before}" + INVALID + "Input collection [{members}] contains duplicates.{after}"),
    Rule("number-set-duplicates", "R34", c.value_problem("number-set-duplicates"),
         "{before}Input collection contains duplicates{after}"),
    Rule("number-syntax", "R10", c.value_problem("number-syntax"),
         "{before}The parameter cannot be converted to a numeric value: {number}{after}"),
    Rule("number-digits", "R10", c.value_problem("number-digits"),
         "{before}Attempting to store more than 38 significant digits in a Number{after}"),
    Rule("number-overflow", "R10", c.value_problem("number-overflow"),
         "{before}Number overflow. Attempting to store a number with magnitude larger than supported range{after}"),
    Rule("number-underflow", "R10", c.value_problem("number-underflow"),
         "{before}Number underflow. Attempting to store a number with magnitude smaller than supported range{after}"),
    Rule("values-size", "F11", c.values_size,
         INVALID + "Size of ExpressionAttributeValues has exceeded the maximum allowed size; size: {size}"),

    # expressions that cannot be read
    Rule("expression-empty", "F11", c.unreadable("expression-empty"),
         "Invalid {kind}: The expression can not be empty;"),
    Rule("expression-size", "F11", c.unreadable("expression-size"),
         "Invalid {kind}: Expression size has exceeded the maximum allowed size; expression size: {size}"),
    Rule("expression-syntax", "F11", c.unreadable("expression-syntax"),
         'Invalid {kind}: Syntax error; token: "{token}", near: "{near}"'),
    Rule("expression-parentheses", "F11", c.unreadable("expression-parentheses"),
         "Invalid {kind}: The expression has redundant parentheses;"),
    Rule("expression-operators", "F11", c.unreadable("expression-operators"),
         "Invalid {kind}: The expression contains too many operators; operator count: {count}"),
    Rule("expression-in", "F11", c.unreadable("expression-in"),
         "Invalid {kind}: The IN operator is provided with too many operands; number of operands: {count}"),
    Rule("path-depth", "F11", c.unreadable("path-depth"),
         "Invalid {kind}: The document path has too many nesting levels; nesting levels: {levels}"),
    Rule("reserved-word", "R10", c.unreadable("reserved-word"),
         "Invalid {kind}: Attribute name is a reserved keyword; reserved keyword: {word}"),
    Rule("function-unknown", "F11", c.unreadable("function-unknown"),
         "Invalid {kind}: Invalid function name; function: {function}"),
    Rule("function-place", "F11", c.unreadable("function-place"),
         "Invalid {kind}: The function is not allowed to be used this way in an expression; function: {function}"),
    Rule("function-operands", "F11", c.unreadable("function-operands"),
         "Invalid {kind}: Incorrect number of operands for operator or function; operator or function: {function}, "
         "number of operands: {count}"),
    Rule("function-path", "F11", c.unreadable("function-path"),
         "Invalid {kind}: Operator or function requires a document path; operator or function: {function}"),
    Rule("update-section", "R34", c.unreadable("update-section"),
         'Invalid {kind}: The "{section}" section can only be used once in an update expression;'),

    # placeholders and operands of readable expressions
    Rule("name-undefined", "R10", c.undefined_name,
         "Invalid {kind}: An expression attribute name used in the document path is not defined; attribute name: "
         "{name}"),
    Rule("value-undefined", "R10", c.undefined_value,
         "Invalid {kind}: An expression attribute value used in expression is not defined; attribute value: {name}"),
    Rule("name-unused", "R10", c.unused("ExpressionAttributeNames", "names"),
         "Value provided in ExpressionAttributeNames unused in expressions: keys: {{{names}}}"),
    Rule("value-unused", "R10", c.unused("ExpressionAttributeValues", "values"),
         "Value provided in ExpressionAttributeValues unused in expressions: keys: {{{names}}}"),
    Rule("operand-type", "R12", c.operand_type,
         "Invalid {kind}: Incorrect operand type for operator or function; operator or function: {operation}, operand "
         "type: {type}"),
    Rule("operand-repeated", "F11", c.first_operand_repeated,
         "Invalid {kind}: The first operand must be distinct from the remaining operands for this operator or "
         "function; operator: {operation}, first operand: {path}"),
    Rule("between-types", "R10", c.between_types,
         "Invalid {kind}: The BETWEEN operator requires same data type for lower and upper bounds; lower bound "
         "operand: {low}, upper bound operand: {high}"),
    Rule("between-order", "R10", c.between_order,
         "Invalid {kind}: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower "
         "bound operand: {low}, upper bound operand: {high}"),
    Rule("paths-overlap", "R5", c.paths_overlap,
         "Invalid {kind}: Two document paths overlap with each other; must remove or rewrite one of these paths; path "
         "one: {one}, path two: {two}"),
    Rule("paths-conflict", "R5", c.paths_conflict,
         "Invalid {kind}: Two document paths conflict with each other; must remove or rewrite one of these paths; path "
         "one: {one}, path two: {two}"),

    # Query and Scan
    Rule("segment-pair", "R20", c.segment_pair,
         "The {missing} parameter is required but was not present in the request when {given} parameter is present"),
    Rule("segment-range", "R20", c.segment_range,
         "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: {segment} is not "
         "less than TotalSegments: {total}"),
    Rule("select-projection", "R7", c.select_with_projection,
         "Cannot specify the ProjectionExpression when choosing to get {what}"),
    Rule("select-specific", "R7", c.select_without_projection,
         "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"),
    Rule("select-projected", "R7", c.select_projected_of_table,
         "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"),
    Rule("select-all", "R7", c.select_all_of_index,
         INVALID + "Select type ALL_ATTRIBUTES is not supported for global secondary index {index} because its "
         "projection type is not ALL"),
    Rule("consistent-index", "R7", c.consistent_read_of_index,
         "Consistent reads are not supported on global secondary indexes"),
    Rule("projection-index", "R6", c.unprojected("ProjectionExpression"),
         INVALID + "Global secondary index {index} does not project [{attributes}]"),
    Rule("filter-index", "R6", c.unprojected("FilterExpression"),
         INVALID + "Secondary index {index} does not project one or more filter attributes: [{attributes}]"),

    # key conditions
    Rule("key-condition", "R12", c.missing_key_condition,
         "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."),
    Rule("key-condition-operator", "R12", c.key_condition_operator,
         "Invalid operator used in KeyConditionExpression: {operator}"),
    Rule("key-condition-operands", "R12", c.key_condition_operands, "{text}"),
    Rule("key-condition-twice", "R12", c.key_condition_twice,
         "KeyConditionExpressions must only contain one condition per key"),
    Rule("key-condition-missing", "R12", c.key_condition_missing, "Query condition missed key schema element: {key}"),
    Rule("key-condition-unsupported", "R12", c.key_condition_unsupported, "Query key condition not supported"),
    Rule("key-condition-type", "R10", c.key_condition_type,
         INVALID + "Condition parameter type does not match schema type"),
    Rule("filter-key", "R8", c.filter_on_queried_key,
         "Filter Expression can only contain non-primary key attributes: Primary key attribute: {key}"),

    # keys and items
    Rule("start-key-shape", "R14", c.start_key_shape,
         "The provided starting key is invalid"),
    Rule("start-key-outside", "R14", c.start_key_outside,
         "The provided starting key is outside query boundaries based on provided conditions"),
    Rule("key-shape", "R10", c.key_shape, "The provided key element does not match the schema"),
    Rule("item-key-missing", "R10", c.item_key_missing, INVALID + "Missing the key {key} in the item"),
    Rule("item-key-type", "R10", c.item_key_type,
         INVALID + "Type mismatch for key {key} expected: {expected} actual: {actual}"),
    Rule("index-key-type", "R19", c.index_key_type,
         INVALID + "Type mismatch for Index Key {key} Expected: {expected} Actual: {actual} IndexName: {index}"),
    Rule("index-key-empty", "R19", c.index_key_empty,
         "One or more parameter values are not valid. A value specified for a secondary index key is not supported. "
         "The AttributeValue for a key attribute cannot contain an empty {kind} value. IndexName: {index}, IndexKey: "
         "{key}"),
    Rule("key-empty", "R10", c.key_empty,
         "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
         "{kind} value. Key: {key}"),
    # "of2048" is how AWS spells it.
    Rule("hash-key-size", "R10", c.key_size("HASH", c.MAX_HASH_KEY),
         INVALID + "Size of hashkey has exceeded the maximum size limit of2048 bytes"),
    Rule("range-key-size", "R10", c.key_size("RANGE", c.MAX_RANGE_KEY),
         INVALID + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes"),
    Rule("item-size", "R34", c.item_too_large, "Item size has exceeded the maximum allowed size"),
    Rule("update-key", "R34", c.update_of_key,
         INVALID + "Cannot update attribute {key}. This attribute is part of the key"),
    Rule("update-index-key-type", "R19", c.update_of_index_key_type,
         "The update expression attempted to update the secondary index key to unsupported type"),
    Rule("update-index-key-empty", "R19", c.update_of_index_key_empty,
         "One or more parameter values are not valid. The update expression attempted to update a secondary index key "
         "to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty {kind} "
         "value."),
    Rule("update-repeatable", "G6", c.update_unrepeatable,
         "This server takes no update that would not give the same when it is done twice: {what}"),
    Rule("batch-duplicates", "R11", c.duplicates(("BatchGetItem", "BatchWriteItem")),
         "Provided list of item keys contains duplicates", True),
    Rule("transaction-duplicates", "R32", c.duplicates(("TransactWriteItems",)),
         "Transaction request cannot include multiple operations on one item", True),
    Rule("transaction-size", "R32", c.transaction_too_large,
         "1 validation error detected: The total size of the items in the transaction, {size} bytes, exceeds the limit "
         "of 4 MB", True),
)


def judge(call):
    """The first breach in the order of the table, or None."""
    for rule in RULES:
        for subject in (call,) if rule.whole else call.parts:
            for parameters in rule.find(subject):
                return Refusal(rule.id, VALIDATION, rule.text.format(**parameters))
    return None


async def inspect(call, tables):
    """The refusal of a request, or None. A refusal never rests on an old schema: the table may have been made anew."""
    for fresh in (False, True):
        for part in call.parts:
            part.schema = await tables.schema(part.table, call.request, fresh)
        refusal = judge(call)
        if refusal is None:
            break
    return refusal
