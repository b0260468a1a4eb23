output "function_name" {
  value = aws_lambda_function.timberline.function_name
}

output "table_name" {
  value = aws_dynamodb_table.anomalies.name
}

output "alert_topic_arn" {
  value = aws_sns_topic.alerts.arn
}

output "bucket_name" {
  value = aws_s3_bucket.state.id
}
