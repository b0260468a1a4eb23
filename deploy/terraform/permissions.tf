resource "aws_iam_role" "function" {
  name               = var.name
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "function" {
  name   = "timberline"
  role   = aws_iam_role.function.id
  policy = data.aws_iam_policy_document.function.json
}

data "aws_iam_policy_document" "function" {
  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.function.arn}:*"]
  }

  statement {
    actions   = ["dynamodb:BatchWriteItem"]
    resources = [aws_dynamodb_table.anomalies.arn]
  }

  statement {
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alerts.arn]
  }

  statement {
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.state.arn}/models/*", "${aws_s3_bucket.state.arn}/dead-letters/*"]
  }

  statement {
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.state.arn}/aws/lambda/*"]
  }

  # So that S3 says of an absent model that it is absent.
  statement {
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.state.arn]
  }
}

resource "aws_iam_role_policy" "source" {
  count  = local.has_source ? 1 : 0
  name   = "timberline-source"
  role   = aws_iam_role.function.id
  policy = data.aws_iam_policy_document.source[0].json
}

locals {
  # NAME/UUID, as the ARNs of topics and groups have it.
  cluster = var.cluster_arn == null ? "" : split(":cluster/", var.cluster_arn)[1]
  # The cluster's ARN up to the kind of resource.
  cluster_prefix = var.cluster_arn == null ? "" : split(":cluster/", var.cluster_arn)[0]
  has_network    = var.cluster_arn != null || length(var.subnet_ids) > 0
  has_source     = var.create_mappings && (local.has_network || var.secret_arn != null)
}

data "aws_iam_policy_document" "source" {
  count = local.has_source ? 1 : 0

  dynamic "statement" {
    for_each = var.cluster_arn == null ? [] : [var.cluster_arn]

    content {
      actions = [
        "kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers",
        "kafka-cluster:Connect", "kafka-cluster:DescribeClusterDynamicConfiguration",
      ]
      resources = [statement.value]
    }
  }

  dynamic "statement" {
    for_each = var.cluster_arn == null ? [] : [var.topic_name]

    content {
      actions   = ["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"]
      resources = ["${local.cluster_prefix}:topic/${local.cluster}/${statement.value}"]
    }
  }

  dynamic "statement" {
    for_each = var.cluster_arn == null ? [] : [local.cluster]

    content {
      actions   = ["kafka-cluster:DescribeGroup", "kafka-cluster:AlterGroup"]
      resources = ["${local.cluster_prefix}:group/${statement.value}/*"]
    }
  }

  # These actions know no resources.
  dynamic "statement" {
    for_each = local.has_network ? ["*"] : []

    content {
      actions = [
        "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
      ]
      resources = [statement.value]
    }
  }

  dynamic "statement" {
    for_each = var.secret_arn == null ? [] : [var.secret_arn]

    content {
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [statement.value]
    }
  }
}
