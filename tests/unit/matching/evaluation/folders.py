"""A small town of its own: who builds, plants and repairs there, and who got which work."""

import json
from datetime import date

SPLIT = date(2026, 3, 1)
SUPPLIERS = [
    {"id": "pave", "name": "青石路桥养护有限公司", "qualifications": "公路工程施工总承包贰级"},
    {"id": "pipe", "name": "清流管道安装有限公司", "qualifications": "市政公用工程施工总承包叁级"},
    {"id": "tree", "name": "绿野园林有限公司", "qualifications": ""},
    {"id": "soft", "name": "云帆软件有限公司", "qualifications": "", "text": "停车场收费系统开发"},
    {"id": "lift", "name": "稳升电梯维保有限公司", "qualifications": "特种设备安装改造维修许可证"},
]
WORK = (
    ("pave", "乡道沥青路面修补", "破损路面铣刨重铺沥青"),
    ("pipe", "老城区供水管网更换", "更换铸铁供水管道与阀门"),
    ("tree", "滨河公园苗木补植", "乔木灌木补植与草坪养护"),
    ("lift", "政务大厅电梯维保", "曳引电梯月度维护保养"),
)


def a_tender(id, winner, title, day, **changes):
    """Won by one, with the gardener ranked behind it."""
    stated = {
        "id": id,
        "date": day,
        "title": title,
        "scope": "",
        "place": "白鹭县河口镇",
        "price": "365000.00",
        "days": "60日历天",
        "rel": [{"supplier": winner, "grade": 3}, {"supplier": "tree", "grade": 1}],
    }
    return stated | changes


def tenders():
    """Each kind of work every second week; the same hands get it again."""
    found = []
    for month in range(1, 5):
        for number, (winner, title, scope) in enumerate(WORK):
            for day in (4, 18):
                id = f"t{month}-{number}-{day}"
                day_of = f"2026-{month:02}-{day + number:02}"
                found.append(a_tender(id, winner, f"{title}（{month}月）", day_of, scope=scope))
    return found


def written(folder, suppliers=SUPPLIERS, tenders=None):
    """The folder with both files."""
    listed = {"suppliers": suppliers, "tenders": made() if tenders is None else tenders}
    for name, objects in listed.items():
        lines = (one if isinstance(one, str) else json.dumps(one) for one in objects)
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


made = tenders
