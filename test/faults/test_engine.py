"""The proxy in front of a real engine, whose address FAULTS_ENGINE gives (http://127.0.0.1:PORT): no item is lost or
doubled while faults strike.
"""
import os
import time
import unittest
import uuid

from support import TABLES, Proxy

COUNT = 2000
PAGED = ["Query", "Scan"]


@unittest.skipUnless(os.environ.get("FAULTS_ENGINE"), "FAULTS_ENGINE names no engine")
class RealEngine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.proxy = Proxy(os.environ["FAULTS_ENGINE"])
        cls.addClassCleanup(cls.proxy.stop)
        cls.client = cls.proxy.client(attempts=8, mode="legacy")  # the one mode that checks x-amz-crc32
        cls.addClassCleanup(cls.client.close)
        cls.table = "Faults-" + uuid.uuid4().hex
        shape = TABLES["Bench"]
        cls.client.create_table(
            TableName=cls.table, BillingMode="PAY_PER_REQUEST", KeySchema=shape["KeySchema"],
            AttributeDefinitions=[one for one in shape["AttributeDefinitions"] if one["AttributeName"] != "testRunId"],
            GlobalSecondaryIndexes=shape["GlobalSecondaryIndexes"][:1])
        cls.addClassCleanup(cls.client.delete_table, TableName=cls.table)
        while cls.client.describe_table(TableName=cls.table)["Table"]["TableStatus"] != "ACTIVE":
            time.sleep(0.05)
        cls.wanted = [f"{n:05d}" for n in range(COUNT)]
        for first in range(0, COUNT, 25):
            cls.client.batch_write_item(RequestItems={cls.table: [
                {"PutRequest": {"Item": {"pk": {"S": f"p{int(sk) % 3}"}, "sk": {"S": sk}, "configId": {"S": "c"},
                                         "timestamp": {"N": str(int(sk) // 7)}, "pad": {"S": "x" * 700}}}}
                for sk in cls.wanted[first:first + 25]]})

    def setUp(self):
        self.proxy.ask("POST", "/reset")

    def tearDown(self):
        counts = self.proxy.counts()
        self.assertEqual((counts["violations"], counts["internal_errors"]), (0, 0))

    def read(self, operation, **members):
        pages = self.client.get_paginator(operation).paginate(TableName=self.table, **members)
        return sorted(item["sk"]["S"] for page in pages for item in page["Items"])

    def reads(self):
        yield self.read("scan")
        yield self.read("query", IndexName="ConfigIndex", KeyConditionExpression="configId = :c",
                        ExpressionAttributeValues={":c": {"S": "c"}})
        yield sorted(sk for n in range(3) for sk in self.read(
            "query", KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": f"p{n}"}}))

    def test_every_item_once(self):
        faults = ({"page_limit": 150}, {"empty_page": True}, {"throttle": True}, {"cut": "before", "rst": True},
                  {"cut": 1000}, {"crc": "wrong"}, {"chunked": 1000}, {"status": 500}, {"close": "rst"})
        for number, action in enumerate(faults[1:], 2):
            self.proxy.fault(action, operation=PAGED, every=number)
        self.proxy.fault(faults[0], operation=PAGED)
        for found in self.reads():
            self.assertEqual(found, self.wanted)
        self.assertTrue(all(rule["used"] for rule in self.proxy.ask("GET", "/faults")))

    def test_without_faults(self):
        for found in self.reads():
            self.assertEqual(found, self.wanted)

    def test_unprocessed(self):
        self.proxy.fault({"unprocessed": 0.4}, operation="BatchGetItem")
        left = {self.table: {"Keys": [{"pk": {"S": f"p{n % 3}"}, "sk": {"S": f"{n:05d}"}} for n in range(100)],
                             "ProjectionExpression": "sk"}}
        found = []
        while left:
            answer = self.client.batch_get_item(RequestItems=left)
            found += [item["sk"]["S"] for items in answer["Responses"].values() for item in items]
            left = answer["UnprocessedKeys"]
        self.assertEqual(sorted(found), self.wanted[:100])


if __name__ == "__main__":
    unittest.main()
