"""Serves each app with its demo data and holds it against its OpenAPI document, with every check of schemathesis."""
import json, os, re, shutil, subprocess, sys, tempfile, urllib.request

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
here = os.path.dirname(os.path.abspath(__file__))
weir = os.environ.get("WEIR", os.path.join(root, ".build/debug/weir"))
examples = os.environ.get("EXAMPLES", "15")
apps = sys.argv[1:] or [
    path for path in ("apps/crm", "apps/equipment", "apps/hiring") if os.path.exists(os.path.join(root, path))]


def run(*arguments):
    return subprocess.run([weir, *arguments], cwd=root, check=True, capture_output=True, text=True).stdout


def paths_through_pages(address, key, objects):
    """`after` is another's answer, which no generator can invent: here every page is walked, in several orders."""
    def get(path):
        request = urllib.request.Request(address + path, headers={"Authorization": "Bearer " + key})
        return json.load(urllib.request.urlopen(request))
    for name in objects:
        for sort in (None, "id", "-id", "-created", "created_by,id", "changed,-version"):
            seen, after, total = [], "", None
            while True:
                page = get(f"/api/v1/records/{name}?limit=50"+ (f"&sort={sort}" if sort else "") + (f"&after={after}" if after else ""))
                total = page["total"] if total is None else total
                seen += [record["id"] for record in page["records"]]
                after = page["next"]
                if not after or len(seen) > 500:
                    break
            assert len(seen) == len(set(seen)), f"{name} sorted by {sort!r}: a record stands twice"
            assert after or len(seen) == total, f"{name} sorted by {sort!r}: {len(seen)} of {total} records"


failed = []
for app in apps:
    folder = tempfile.mkdtemp(prefix="weir-api-")
    try:
        data = ["--data", os.path.join(folder, "data")]
        text = "".join(
            open(os.path.join(base, name), encoding="utf-8").read() + "\n"
            for base, _, names in os.walk(os.path.join(root, app)) for name in sorted(names) if name.endswith((".yaml", ".yml")))
        role = re.search(r"^roles:\s*(?:\{\s*|\n\s+)([^\s:]+)\s*:", text, re.M).group(1)
        # Without its secret an address for messages says that it is not ready, whoever comes.
        secrets = {name: "not-known" for name in re.findall(r"verify:\s*\{[^}]*\$(\w+)", text)}
        run("user", "add", app, *data, "tester", "--name", "测试", "--role", role)
        key = json.loads(run("key", "create", app, *data, "--user", "tester", "--name", "api-tests"))["key"]
        server = subprocess.Popen(
            [weir, "serve", app, *data, "--demo", "--port", "0", "--lang", "en", "--rate", "0"], cwd=root, stdout=subprocess.PIPE, text=True,
            env=dict(os.environ, **secrets))
        try:
            address = None
            for line in server.stdout:
                if line.startswith("serving "):
                    address = line.split()[1]
                if "Ctrl+C" in line:
                    break
            request = urllib.request.Request(address + "/api/v1/openapi.json", headers={"Authorization": "Bearer " + key})
            document = json.load(urllib.request.urlopen(request))
            paths_through_pages(address, key, [
                path.split("/")[-1] for path in document["paths"] if re.fullmatch(r"/api/v1/records/[^/]+", path)])
            found = urllib.request.urlopen(urllib.request.Request(
                address + "/api/v1/records/user?where=login%20=%20'tester'", headers={"Authorization": "Bearer " + key}))
            tester = json.load(found)["records"][0]["id"]
            print(f"== {app}: {len(document['paths'])} addresses", flush=True)
            environment = dict(os.environ, WEIR_TESTER=tester, SCHEMATHESIS_HOOKS="hooks", PYTHONPATH=here)
            code = subprocess.run(
                [os.path.join(os.path.dirname(sys.executable), "schemathesis") if os.path.exists(os.path.join(os.path.dirname(sys.executable), "schemathesis")) else "schemathesis", "--config-file", os.path.join(here, "schemathesis.toml"), "run",
                 address + "/api/v1/openapi.json", "--header", "Authorization: Bearer " + key, "--max-examples", examples,
                 "--checks", "all", "--no-color", *os.environ.get("SCHEMATHESIS_OPTIONS", "").split()],
                env=environment, cwd=folder).returncode
            if code:
                failed.append(app)
        finally:
            server.terminate()
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
print("the API is as its documents say" if not failed else "differs: " + ", ".join(failed))
sys.exit(1 if failed else 0)
