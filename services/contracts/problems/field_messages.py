"""What is wrong with a field, in Chinese: the validators speak English."""

import re

# The messages of marshmallow's fields and of `contracts.fields`, as patterns.
CHINESE: tuple[tuple[str, str], ...] = (
    (r"Missing data for required field\.", "缺少必填项。"),
    (r"Field may not be null\.", "不能为空值。"),
    (r"Unknown field\.", "没有这个字段。"),
    (r"Must be one of: (.+)\.", r"只能是以下之一：\1。"),
    (r"Not a valid string\.", "必须是字符串。"),
    (r"Not a valid integer\.", "必须是整数。"),
    (r"Not a valid boolean\.", "必须是 true 或 false。"),
    (r"Not a valid UUID\.", "不是有效的标识（UUID）。"),
    (r"Not a valid date\.", "不是有效的日期（YYYY-MM-DD）。"),
    (r"Not a valid (?:aware )?datetime\.", "不是有效的时间（RFC 3339，须带时区）。"),
    (r"Not a valid list\.", "必须是列表。"),
    (r"Invalid type\.", "必须是对象。"),
    (r"Invalid input type\.", "必须是对象。"),
    (r"Expected a JSON object\.", "必须是 JSON 对象。"),
    (r"Expected an object with amount and currency\.", "必须是含 amount 和 currency 的对象。"),
    (r"Only CNY is supported\.", "只支持人民币（CNY）。"),
    (r"The amount is a decimal string\.", "金额必须是十进制字符串。"),
    (r"Not an amount with at most two decimals\.", "不是有效金额，最多两位小数。"),
    (r"The amount is out of range\.", "金额超出范围。"),
    (r"Contains a control character\.", "含有控制字符。"),
    (r"Contains the invisible character (U\+[0-9A-F]+)\.", r"含有不可见字符 \1，请删除。"),
    (
        r"Only of a debtor's payment it is said which one paid\.",
        "只有债务人的付款才需说明由哪一家支付：借款人自行偿还时请留空。",
    ),
    (r"Contains a line break\.", "只能有一行，请去掉换行。"),
    (
        r"Blanks alone: write something, or leave it out\.",
        "只有空白：请填写内容，不需要时请留空。",
    ),
    (r"Contains nothing that can be seen\.", "没有可见的字符。"),
    (
        r"Only letters, digits and signs of ASCII, without spaces\.",
        "只能是半角字母、数字和符号，不含空格。",
    ),
    (r"An invoice code has 10 or 12 digits\.", "发票代码为 10 位或 12 位数字。"),
    (
        r"An invoice number has 8 digits, or 20 without a code\.",
        "发票号码为 8 位数字；数电票为 20 位，没有代码。",
    ),
    (
        r"A number of 8 digits goes with a code, one of 20 digits without\.",
        "8 位的发票号码须填发票代码，20 位的（数电票）不填。",
    ),
    (r"Nested too deeply\.", "嵌套过深。"),
    (r"Not a section or division of GB/T 4754\.", "不是 GB/T 4754 的门类或大类。"),
    (r"String does not match expected pattern\.", "格式不符合要求。"),
    (r"Length must be (\d+)\.", r"长度必须是 \1。"),
    (r"Length must be between (\d+) and (\d+)\.", r"长度必须在 \1 到 \2 之间。"),
    (r"Longer than maximum length (\d+)\.", r"长度不能超过 \1。"),
    (r"Shorter than minimum length (\d+)\.", r"长度不能少于 \1。"),
    (
        r"Must be greater than or equal to (\S+) and less than or equal to (\S+)\.",
        r"必须在 \1 到 \2 之间。",
    ),
    (r"Must be greater than or equal to (\S+)\.", r"不能小于 \1。"),
    (r"Must be less than or equal to (\S+)\.", r"不能大于 \1。"),
    (r"Larger than (\d+) bytes\.", r"不能超过 \1 字节。"),
    (r"Contains a number that is out of range\.", "含有超出范围的数字。"),
    (r"Not a capability\.", "不是能力分类中的类别。"),
    (r"Give min, max or both\.", "请给出 min、max 或两者。"),
    (r"The minimum is above the maximum\.", "最小值不得大于最大值。"),
    (r"Unknown parameter\.", "没有这个查询参数。"),
    (r"Not valid UTF-8\.", "不是有效的 UTF-8。"),
    (r"Not a valid cursor\.", "不是有效的翻页游标。"),
    (r"Given more than once\.", "重复给出。"),
    (r"Not a list of at most (\d+) states\.", r"必须是以逗号分隔的状态，最多 \1 个。"),
    (r"Ends before it begins\.", "结束早于开始。"),
    (
        r"Up to (\d+) words of at least (\d+) characters, (\d+) characters in all\.",
        r"最多 \1 个词，每个至少 \2 个字符，总长不超过 \3 个字符。",
    ),
    (
        r"Not a list of at most (\d+) event types\.",
        r"必须是以逗号分隔的事件类型，最多 \1 个。",
    ),
    (r"Not a list of at most (\d+) kinds\.", r"必须是以逗号分隔的事物种类，最多 \1 种。"),
)
_PATTERNS = tuple((re.compile(pattern), text) for pattern, text in CHINESE)


def translate(message: str, language: str) -> str:
    """The message in `language`; one that is not known stays as it is."""
    if language == "en":
        return message
    for pattern, text in _PATTERNS:
        if found := pattern.fullmatch(message):
            return found.expand(text)
    return message
