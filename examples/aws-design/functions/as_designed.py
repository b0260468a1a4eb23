"""The function as such designs have it: right for {"records": [...]}, wrong for a Kafka event, whose records are a map."""
import json


def handler(event, context):
    line = event['records'][0]['value']
    print('Normal log data:', json.loads(line))
    return {'statusCode': 200}
