variable "name" {
  description = "What everything here is called."
  type        = string
  default     = "timberline"
}

variable "package" {
  description = "The function's zip, as 'make lambda' builds it."
  type        = string
  default     = "../../.build/lambda/timberline-lambda.zip"
}

variable "environment" {
  description = "Settings of the function beside those below, such as TIMBERLINE_FORMAT."
  type        = map(string)
  default     = {}
}

variable "create_mappings" {
  description = "Whether Kafka's records are handed to the function: false makes everything else."
  type        = bool
  default     = true
}

variable "topic_name" {
  description = "The Kafka topic with the log lines."
  type        = string
}

variable "cluster_arn" {
  description = "ARN of the MSK cluster; null for none."
  type        = string
  default     = null
}

variable "bootstrap_servers" {
  description = "HOST:PORT of each broker of a Kafka of your own; empty for none."
  type        = list(string)
  default     = []
}

variable "secret_arn" {
  description = "Secret with username and password (SASL/SCRAM-512) for bootstrap_servers; null for none."
  type        = string
  default     = null
}

variable "subnet_ids" {
  description = "Subnets from which bootstrap_servers are reached; empty where they are public."
  type        = list(string)
  default     = []
}

variable "security_group_id" {
  description = "Security group of the pollers in subnet_ids."
  type        = string
  default     = null
}

variable "starting_position" {
  description = "Where a mapping begins that has committed nothing: LATEST or TRIM_HORIZON."
  type        = string
  default     = "LATEST"
}

variable "provisioned_mode" {
  description = <<-EOT
    Pollers of one's own: about 0.185 USD an hour (us-east-1) for each event poller unit, at least one for a mapping. Partial
    batch responses, limits on retries and the destination for failures need it; without it a failing batch blocks its
    partition until it succeeds or expires.
  EOT
  type        = bool
  default     = true
}
