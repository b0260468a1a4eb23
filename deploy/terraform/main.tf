data "aws_caller_identity" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
}

# The anomalies: keys and index as docs/ACTIONS.md has them.
resource "aws_dynamodb_table" "anomalies" {
  name         = "${var.name}-anomalies"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pk"
  range_key    = "sk"

  attribute {
    name = "pk"
    type = "S"
  }

  attribute {
    name = "sk"
    type = "S"
  }

  attribute {
    name = "tpk"
    type = "S"
  }

  global_secondary_index {
    name            = "by-time"
    hash_key        = "tpk"
    range_key       = "sk"
    projection_type = "ALL"
  }

  ttl {
    attribute_name = "ttl"
    enabled        = true
  }
}

resource "aws_sns_topic" "alerts" {
  name = "${var.name}-alerts"
}

# models/: the models; dead-letters/: records that cannot be parsed; aws/lambda/: batches that failed for good.
resource "aws_s3_bucket" "state" {
  bucket = "${var.name}-${local.account}"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "state" {
  bucket                  = aws_s3_bucket.state.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "state" {
  bucket     = aws_s3_bucket.state.id
  policy     = data.aws_iam_policy_document.encrypted.json
  depends_on = [aws_s3_bucket_public_access_block.state]
}

data "aws_iam_policy_document" "encrypted" {
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.state.arn, "${aws_s3_bucket.state.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = 30
}

resource "aws_lambda_function" "timberline" {
  function_name                  = var.name
  role                           = aws_iam_role.function.arn
  filename                       = var.package
  source_code_hash               = filebase64sha256(var.package)
  handler                        = "bootstrap"
  runtime                        = "provided.al2023"
  architectures                  = ["x86_64"]
  timeout                        = 30
  memory_size                    = 1024
  reserved_concurrent_executions = 50

  environment {
    variables = merge(var.environment, {
      # True where the mappings report partial batches, and nowhere else.
      TIMBERLINE_PARTIAL_BATCH       = tostring(var.provisioned_mode)
      TIMBERLINE_CHECKPOINTS_BUCKET  = "s3://${aws_s3_bucket.state.id}/models"
      TIMBERLINE_DEAD_LETTERS_BUCKET = "s3://${aws_s3_bucket.state.id}/dead-letters"
      TIMBERLINE_DYNAMODB_TABLE      = aws_dynamodb_table.anomalies.name
      TIMBERLINE_DYNAMODB_TTL        = "30d"
      TIMBERLINE_SNS_TOPIC_ARN       = aws_sns_topic.alerts.arn
      TIMBERLINE_METRICS_NAMESPACE   = "Timberline"
    })
  }

  depends_on = [aws_cloudwatch_log_group.function]
}
