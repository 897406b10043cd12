"""Values of the formats that only Weir has: formulas that hold on every object."""
import os

import schemathesis
from hypothesis import strategies as st

numbers = st.integers(min_value=0, max_value=50).map(str)
comparisons = st.builds(lambda field, sign, number: f"{field} {sign} {number}", st.sampled_from(["id", "version"]), st.sampled_from(["=", "<>", "<", ">="]), numbers)
times = st.sampled_from(["created <= now()", "year(created) = 2026", "not (changed is blank)", "created_by is blank", "true"])
conditions = st.lists(comparisons | times, min_size=1, max_size=3).map(" and ".join)

keys = st.builds(lambda number: f"id > {number}", numbers) | st.sampled_from(["id", "version", "created.year", "created.quarter", "created.month", "created.day", "created_by", "month(changed)", "if(id > 3, 1, 2)"])
figures = st.sampled_from(["count", "sum(id)", "avg(version)", "min(created)", "max(changed)", "max(if(id > 3, id, 0))"]) | st.builds(
    lambda function, number: f"{function}(id * {number})", st.sampled_from(["sum", "avg", "min", "max"]), numbers)

schemathesis.openapi.format("condition", conditions)
schemathesis.openapi.format("group-formula", keys)
schemathesis.openapi.format("figure", figures)
# The end of a list in the order of ids: `[1000000]`. Other orders have cursors of their own, which run.py walks through.
schemathesis.openapi.format("cursor", st.just("WzEwMDAwMDBd"))


tester = os.environ.get("WEIR_TESTER", "user/0")


@schemathesis.hook
def before_call(context, case, **kwargs):
    # A cursor belongs to the order of the list that gave it.
    if case.query and "after" in case.query and case.query["after"] == "WzEwMDAwMDBd" and case.query.get("sort"):
        del case.query["after"]
    # Whoever asks must not send themselves away.
    if case.path == "/api/v1/records/user/{id}" and case.method in ("PATCH", "DELETE") and case.path_parameters:
        if str(case.path_parameters.get("id")) == tester.split("/")[1]:
            case.path_parameters["id"] = 999999
    if case.path == "/api/v1/records/user/batch" and isinstance(case.body, dict) and isinstance(case.body.get("items"), list):
        for item in case.body["items"]:
            if isinstance(item, dict) and item.get("id") == tester:
                item["id"] = "user/999999"
