"""Helper of pii.sh: turns labelled rows into captured messages, and hits into a line of figures."""
import json
import subprocess
import sys


def rows(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def write_lines(gold):
    for row in rows(gold):
        print(json.dumps({
            "id": row["id"], "channel": "other", "conversation": row["id"], "sentAt": "2026-05-04T09:00:00Z", "direction": "inbound",
            "from": {"address": "u1", "role": "client"}, "to": [{"address": "u2", "role": "employee"}], "text": row["text"]}, ensure_ascii=False))


def best_type(gold, predicted, names):
    """Of the labelled spans that a hit overlaps or should: the share whose likeliest hit is of the right type. Weak shapes (below 0.2) do not count."""
    right = spans = 0
    for row in gold:
        units = [0]
        for c in row["text"]:
            units.append(units[-1] + (2 if ord(c) > 0xFFFF else 1))
        for span in row["expected"]:
            if span.get("ref_score", 1) < 0.2:
                continue
            spans += 1
            start, end = units[span["start"]], units[span["end"]]
            over = [h for h in predicted.get(row["id"], ()) if h["start"] < end and start < h["end"]]
            if over:
                best = max(over, key=lambda h: h["confidence"])
                mapped = names.get(best["type"], best["type"])
                right += span["entity"] in (mapped if isinstance(mapped, list) else [mapped])
    return right, spans


def score(scorer, gold_path, out_path, map_path, work, errors, options):
    gold = rows(gold_path)
    predicted = {row["id"]: row.get("pii", []) for row in rows(out_path)}
    hits = sum(len(h) for h in predicted.values())
    name = gold_path.rsplit("/", 1)[-1].removesuffix(".jsonl")
    if not any("expected" in row for row in gold):
        print(f"{name}: {len(gold)} rows, {hits} hits ({hits / max(len(gold), 1):.3f} a row), no labels")
        return
    with open(map_path, encoding="utf-8") as text:
        names = json.load(text)
    with open(f"{work}/pred.jsonl", "w", encoding="utf-8") as out:
        for row_id, found in predicted.items():
            spans = [{"start": h["start"], "end": h["end"], "entity": h["type"], "score": h["confidence"]} for h in found if "part" not in h]
            out.write(json.dumps({"id": row_id, "spans": spans}) + "\n")
    command = [sys.executable, scorer, "--utf16", "--gold", gold_path, "--pred", f"{work}/pred.jsonl", "--map", map_path, "--json", f"{work}/score.json", *options]
    nine = []
    if name.startswith("research"):
        nine = ["--entities", "CREDIT_CARD,DATE_TIME,EMAIL_ADDRESS,IBAN_CODE,IP_ADDRESS,PHONE_NUMBER,URL,US_DRIVER_LICENSE,US_SSN"]
    printed = subprocess.run(command + nine + (["--errors", str(errors)] if errors else []), check=True, capture_output=True, text=True).stdout
    if errors:
        print(printed)
    with open(f"{work}/score.json", encoding="utf-8") as text:
        result = json.load(text)
    exact = result["micro"]["exact"]
    line = f"{name}: micro exact P {exact['p']:.3f} R {exact['r']:.3f} F1 {exact['f1']:.4f}; rows without PII {result['negative_rows']}, alarmed {result['negative_rows_with_false_alarm']}"
    outside = sum(result["out_of_scope"].values())
    line += f" ({result['negative_rows_with_false_alarm'] / max(result['negative_rows'], 1):.4f}); out of scope {outside} ({outside / max(result['rows'], 1):.3f} a row)"
    if not nine:
        right, spans = best_type(gold, predicted, names)
        line += f"; best type {right} of {spans} ({right / max(spans, 1):.4f})"
    for entity in ("CREDIT_CARD", "EMAIL_ADDRESS", "IBAN_CODE", "IP_ADDRESS") if nine else ():
        if entity in result["entity"]:
            line += f"; {entity} {result['entity'][entity]['exact']['f1']:.3f}"
    print(line)


if __name__ == "__main__":
    if sys.argv[1] == "lines":
        write_lines(sys.argv[2])
    else:
        score(*sys.argv[2:7], int(sys.argv[7]), sys.argv[8:])
