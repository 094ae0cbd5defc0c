"""Random attribute values, as DynamoDB JSON: which oddities a table may hold.

A flavour is a kind of value; an attribute of a table has one, with a pool of
few values, so that equal values and matches are common, and sometimes a value
of another flavour, the type NULL, or no value at all.
"""
import uuid
from typing import NamedTuple

WORDS = ["a", "b", "c", "ab", "abc", "abd", "A", "B", "warm", "cold", "x86", "arm64", "light", "10", "9", "z"]
ODD_TEXTS = ["", "#", "%", "_", "\\", "\\\\", "'", '"', "''", "a%b", "a_b", "a\\b", "a\\%b", "a'b", 'a"b', "a#b", "a|b",
             "ä", "é", "e\u0301", "ß", "ss", "ﬁ", "Å", "😀", "a😀b", "a😀", "\U0010ffff", "中文", "\uffff", "\ud7ff",
             "\x01", "a\x01", "\x1f", "\t", "\n", "\r\n", "\x7f", "a\x7f", "\u2028", "\ufeff", " ", " a", "a ", "a  ",
             "null", "true", "{}", "1", "01", "1.0", "-0", "a-b", "a.b", "$", "{a}", "a,b", "aa", "aA", "a~", "a!"]
LONG_TEXTS = ["l" * 900, "l" * 899 + "m", "é" * 450]
VERY_LONG_TEXTS = ["v" * 3000, "v" * 2999 + "w", "😀" * 700]

SMALL_NUMBERS = ["0", "-0", "1", "1.0", "1e0", "2", "3", "4", "5", "7", "10", "1e1", "12", "42", "100", "128", "512", "-1", "-2",
                 "-10"]
WHOLE_NUMBERS = ["32767", "32768", "-32768", "-32769", "2147483647", "2147483648", "-2147483648", "-2147483649",
                 "9007199254740992", "9007199254740993", "9223372036854775807", "9223372036854775808",
                 "-9223372036854775808", "-9223372036854775809", "16777216", "16777217", "1e18", "1e19", "1e30"]
FRACTIONS = ["0.1", "0.2", "0.3", "0.30000000000000004", "0.1000000000000000055511151231257827", "1.5", "2.5", "-1.5",
             "-2.25", "0.5", "99.99", "100.005", "1.1", "3.14159", "1e-3", "12.34", "12.345", "0.125", "7.25"]
EXTREMES = ["12345678901234567890123456789012345678", "-12345678901234567890123456789012345678",
            "0.12345678901234567890123456789012345678", "9.9999999999999999999999999999999999999E+125", "1E125",
            "-1E125", "1E-130", "-1E-130", "1E-100", "3.4028235e38", "3.4028236e38", "1e-45", "1e-46", "1e39",
            "99999999999999999999999999999999999999", "1.7976931348623157e100"]


def string(text):
    return {"S": text}


def number(text):
    return {"N": text}


def random_text(rng):
    """A short text of few characters, so that prefixes and near misses occur."""
    return "".join(rng.choice("abAB#%_\\-é😀 1") for _ in range(rng.randint(1, 5)))


# ---- flavours: each makes one value of its kind ------------------------------

def _word(rng):
    return string(rng.choice(WORDS))


def _text(rng):
    chance = rng.random()
    return string(rng.choice(ODD_TEXTS) if chance < 0.55 else random_text(rng) if chance < 0.8 else
                  rng.choice(LONG_TEXTS + VERY_LONG_TEXTS) if chance < 0.85 else rng.choice(WORDS))


def _small(rng):
    return number(rng.choice(SMALL_NUMBERS))


def _whole(rng):
    return number(rng.choice(WHOLE_NUMBERS) if rng.random() < 0.3 else rng.choice(SMALL_NUMBERS))


def _decimal(rng):
    chance = rng.random()
    return number(rng.choice(EXTREMES) if chance < 0.15 else rng.choice(WHOLE_NUMBERS) if chance < 0.25 else
                  rng.choice(FRACTIONS) if chance < 0.7 else rng.choice(SMALL_NUMBERS))


def _money(rng):
    return number(f"{rng.randint(-50, 500) / rng.choice([1, 10, 100, 1000])}")


def _float(rng):
    return number(rng.choice(FRACTIONS) if rng.random() < 0.5 else repr(round(rng.uniform(-5, 200), rng.choice([1, 2, 13]))))


def _boolean(rng):
    return {"BOOL": rng.random() < 0.5}


def _uuid(rng):
    text = str(uuid.UUID(int=rng.choice([0, 1, 2, 3, rng.getrandbits(128), 2 ** 128 - 1]), version=4))
    return string(text if rng.random() < 0.85 else text.upper() if rng.random() < 0.5 else text[:-1])


def _map(rng):
    members = {}
    for name, flavour in (("p99", "float"), ("mean", "decimal"), ("label", "text"), ("yes", "boolean"), ("n", "whole")):
        if rng.random() < 0.75:
            members[name] = value(rng, flavour if rng.random() < 0.9 else "any")
    if rng.random() < 0.5:
        members["deep"] = {"M": {"x": value(rng, "any"), "y.z": value(rng, "small")}}
    return {"M": members}


def _list(rng):
    return {"L": [value(rng, rng.choice(["word", "small", "any"])) for _ in range(rng.randint(0, 3))]}


def _words(rng):
    return {"L": [value(rng, "word") if rng.random() < 0.9 else {"NULL": True} for _ in range(rng.randint(0, 3))]}


def _set(rng):
    return {"SS": sorted(rng.sample(WORDS, rng.randint(1, 3)))}


def _binary(rng):
    return {"B": rng.choice(["", "AA==", "YQ==", "YWI=", "/////w=="])}


def _any(rng):
    return value(rng, rng.choice(["word", "text", "small", "decimal", "boolean", "set", "binary", "epoch_ms", "iso8601"]))


# ---- timestamps --------------------------------------------------------------

FIRST_SECOND = 1764468005       # 2025-11-30T02:00:05Z


def _moment(rng):
    """Microseconds since 1970: mostly near each other, at times far away."""
    chance = rng.random()
    if chance < 0.08:
        return rng.choice([0, -1, 1, -1_000_000, -62135596800_000_000, 253402300799_999_999, 4102444800_000_000])
    step = rng.choice([1, 1000, 500_000, 1_000_000, 1_000_000])
    return FIRST_SECOND * 1_000_000 + rng.randint(-40, 40) * step


def _scaled(us, unit):
    """Microseconds as a number of units, exactly."""
    digits = len(str(unit)) - 1
    sign, us = ("-", -us) if us < 0 else ("", us)
    whole, rest = divmod(us, unit)
    fraction = f".{rest:0{digits}d}".rstrip("0").rstrip(".")
    return f"{sign}{whole}{fraction}"


def _epoch(unit, digits):
    def make(rng):
        if rng.random() < 0.02:
            return number(rng.choice(["1e40", "-1e40", "9e17", "0.0000001"]))
        us = _moment(rng)
        if rng.random() < 0.7:
            us -= us % unit
        text = _scaled(us, unit)
        if rng.random() < 0.05:     # finer than a microsecond
            text += ("" if "." in text else ".0") + "0" * digits + "7"
        return number(text)
    return make


def civil(us):
    """(date and time to the second, microseconds) in UTC, for the years 1 to 9999."""
    seconds, fraction = divmod(us, 1_000_000)
    days, of_day = divmod(seconds, 86400)
    era_day = days + 719468
    era, day_of_era = divmod(era_day, 146097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month + 2) // 5 + 1
    month += 3 if month < 10 else -9
    year = year_of_era + era * 400 + (month <= 2)
    return f"{year:04d}-{month:02d}-{day:02d}T{of_day // 3600:02d}:{of_day // 60 % 60:02d}:{of_day % 60:02d}", fraction


def _iso_utc(rng):
    text, fraction = civil(_moment(rng))
    return string(f"{text}.{fraction:06d}Z")


def _iso_z(rng):
    text, fraction = civil(_moment(rng))
    digits = f"{fraction:06d}".rstrip("0")
    if rng.random() < 0.3:
        digits = digits.ljust(6, "0")
    return string(f"{text}.{digits}Z" if digits else f"{text}Z")


def _iso(rng):
    us = _moment(rng)
    minutes = rng.choice([0, 0, 120, -300, 330, 840, -720])
    if not 0 < us < 253000000000_000_000:
        minutes = 0
    text, fraction = civil(us + minutes * 60_000_000)
    digits = f"{fraction:06d}".rstrip("0")
    zone = ("Z" if rng.random() < 0.7 else "") if minutes == 0 else \
        f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{rng.choice([':', ''])}{abs(minutes) % 60:02d}"
    return string(text.replace("T", rng.choice("TT ")) + (f".{digits}" if digits else "") + zone)


FLAVOURS = {"word": _word, "text": _text, "small": _small, "whole": _whole, "decimal": _decimal, "money": _money,
            "float": _float, "boolean": _boolean, "uuid": _uuid, "map": _map, "list": _list, "words": _words, "set": _set,
            "binary": _binary, "any": _any, "epoch_ms": _epoch(1000, 3), "epoch_s": _epoch(1_000_000, 6),
            "iso8601_utc": _iso_utc, "iso8601_z": _iso_z, "iso8601": _iso}
TIME_FORMATS = ("epoch_ms", "epoch_s", "iso8601_utc", "iso8601_z", "iso8601")
NO_TIMES = ["", "yesterday", "2025-11-30", "2025-13-01T00:00:00Z", "2025-11-30T02:00:05", "2025-11-30t02:00:05.000000z",
            "0", "~", "2025-11-30T02:00:61.000000Z"]


def value(rng, flavour):
    return FLAVOURS[flavour](rng)


def is_key_value(found, type_tag, max_bytes=900):
    """May the value stand in a key of this type?"""
    return type_tag in found and (type_tag != "S" or 0 < len(found["S"].encode()) <= max_bytes)


class Attribute(NamedTuple):
    """One attribute of a random table; a draw is a value, or None where the item has none."""
    name: str
    flavour: str
    pool: list
    missing: float
    null: float
    wrong: float

    def draw(self, rng):
        chance = rng.random()
        if chance < self.missing:
            return None
        if chance < self.missing + self.null:
            return {"NULL": True}
        if chance < self.missing + self.null + self.wrong:
            return value(rng, "any")
        return rng.choice(self.pool)


def attribute(rng, name, flavour, clean=False):
    """Clean: every value there is is of the flavour."""
    pool = [value(rng, flavour) for _ in range(rng.choice([3, 8, 8, 25]))]
    if flavour.startswith("iso8601") and rng.random() < 0.3:
        pool += [string(text) for text in rng.sample(NO_TIMES, 2)]
    return Attribute(name, flavour, pool, rng.choice([0, 0.1, 0.3, 0.6]), 0 if clean else rng.choice([0, 0.05, 0.2]),
                     0 if clean else rng.choice([0, 0.05, 0.2]))
