"""The few lines that make it work: records by topic and partition, values in base64, one call for a batch."""
import base64
import json
import os
import boto3

endpoint = boto3.client('sagemaker-runtime')


def handler(event, context):
    records = [record for part in event['records'].values() for record in part]
    lines = [json.loads(base64.b64decode(record['value'])) for record in records]
    rows = [{'features': [line['response_time'], line['status'], line['bytes']]} for line in lines]
    answer = endpoint.invoke_endpoint(
        EndpointName=os.environ['ENDPOINT'], ContentType='application/json', Body=json.dumps({'instances': rows}))
    for line, score in zip(lines, json.loads(answer['Body'].read())['scores']):
        unusual = score['score'] > 2.0
        print('Anomaly detected:' if unusual else 'Normal log data:', round(score['score'], 3), line['path'])
    return {'statusCode': 200}
