"""What must hold of parties, access and the read model by itself."""

from deploy.sails.check.entry import Check, Figure

CHECKS = (
    Check(
        "feed_numbered", "gateway", "信息流每条都有编号", "Every line of the feed has its position",
        "SELECT id, type FROM feed_waiting", passing=True,
    ),
    Check(
        "feed_dense", "gateway", "信息流编号连续，无一跳过", "No position of the feed was skipped",
        "SELECT count(position), max(position), horizon"
        " FROM (SELECT coalesce(max(position), 0) AS horizon FROM feed_horizon) AS kept"
        " LEFT JOIN feed ON position > horizon GROUP BY horizon"
        " HAVING count(position) <> coalesce(max(position) - horizon, 0)",
    ),
    Check(
        "keys_hashed", "gateway", "接口密钥只存散列",
        "Of an API key only its hash is kept",
        "SELECT number FROM api_keys WHERE secret_sha256 !~ '^[0-9a-f]{64}$'",
    ),
    Check(
        "verified_have_codes", "gateway", "核验过的机构都有统一社会信用代码",
        "Every verified organisation has its credit code",
        "SELECT number, name FROM parties WHERE verified_until IS NOT NULL"
        " AND credit_code IS NULL",
    ),
    Check(
        "views_are_newest", "gateway", "各受众看到的都是最新版本",
        "What each audience sees is the newest version it may see",
        "SELECT v.kind, v.id, v.audience, v.sequence, r.sequence FROM views v"
        " LEFT JOIN resources r USING (kind, id) WHERE v.sequence IS DISTINCT FROM r.sequence",
    ),
)  # fmt: skip
FIGURES = (
    Figure("parties", "gateway", "SELECT count(*) FROM parties"),
    Figure("resources", "gateway", "SELECT count(*) FROM resources"),
    Figure("feed", "gateway", "SELECT count(*) FROM feed"),
)
