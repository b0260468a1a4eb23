resource "aws_lambda_event_source_mapping" "cluster" {
  count                              = var.create_mappings && var.cluster_arn != null ? 1 : 0
  function_name                      = aws_lambda_function.timberline.arn
  event_source_arn                   = var.cluster_arn
  topics                             = [var.topic_name]
  batch_size                         = 100
  maximum_batching_window_in_seconds = 1
  starting_position                  = var.starting_position
  function_response_types            = var.provisioned_mode ? ["ReportBatchItemFailures"] : null
  maximum_retry_attempts             = var.provisioned_mode ? 10 : null

  dynamic "provisioned_poller_config" {
    for_each = var.provisioned_mode ? [10] : []

    content {
      minimum_pollers = 1
      maximum_pollers = provisioned_poller_config.value
    }
  }

  dynamic "destination_config" {
    for_each = var.provisioned_mode ? [aws_s3_bucket.state.arn] : []

    content {
      on_failure {
        destination_arn = destination_config.value
      }
    }
  }

  # Creating a mapping tries the role out.
  depends_on = [aws_iam_role_policy.function, aws_iam_role_policy.source]
}

resource "aws_lambda_event_source_mapping" "servers" {
  count                              = var.create_mappings && length(var.bootstrap_servers) > 0 ? 1 : 0
  function_name                      = aws_lambda_function.timberline.arn
  topics                             = [var.topic_name]
  batch_size                         = 500
  maximum_batching_window_in_seconds = 1
  starting_position                  = var.starting_position
  function_response_types            = var.provisioned_mode ? ["ReportBatchItemFailures"] : null
  maximum_retry_attempts             = var.provisioned_mode ? 10 : null

  self_managed_event_source {
    endpoints = {
      KAFKA_BOOTSTRAP_SERVERS = join(",", var.bootstrap_servers)
    }
  }

  dynamic "source_access_configuration" {
    for_each = var.secret_arn == null ? [] : [var.secret_arn]

    content {
      type = "SASL_SCRAM_512_AUTH"
      uri  = source_access_configuration.value
    }
  }

  dynamic "source_access_configuration" {
    for_each = var.subnet_ids

    content {
      type = "VPC_SUBNET"
      uri  = "subnet:${source_access_configuration.value}"
    }
  }

  dynamic "source_access_configuration" {
    for_each = length(var.subnet_ids) > 0 ? [var.security_group_id] : []

    content {
      type = "VPC_SECURITY_GROUP"
      uri  = "security_group:${source_access_configuration.value}"
    }
  }

  dynamic "provisioned_poller_config" {
    for_each = var.provisioned_mode ? [10] : []

    content {
      minimum_pollers = 1
      maximum_pollers = provisioned_poller_config.value
    }
  }

  dynamic "destination_config" {
    for_each = var.provisioned_mode ? [aws_s3_bucket.state.arn] : []

    content {
      on_failure {
        destination_arn = destination_config.value
      }
    }
  }

  depends_on = [aws_iam_role_policy.function, aws_iam_role_policy.source]
}
