import AWSTestSupport
import Foundation
import JSONText
import KafkaTestSupport
import LocalLambdaModel
import Testing

/// Terraform, and a directory that has its AWS provider.
private enum Terraform {
    private static let environment = ProcessInfo.processInfo.environment
    static let mirror = environment["TIMBERLINE_TEST_TERRAFORM_MIRROR"]
    static let isThere = Command.exists("terraform") && mirror != nil
    static let absence =
        "terraform is not installed, or TIMBERLINE_TEST_TERRAFORM_MIRROR names no mirror of its providers"
    static let isSlow = environment["TIMBERLINE_SLOW_TESTS"] == "1"
}

@Suite("Terraform against a local Lambda")
final class TerraformTests {
    private let served: ServedPlane
    private let directory: String

    init() throws {
        served = try ServedPlane()
        directory = NSTemporaryDirectory() + "timberline-terraform-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let zip = try Base64.decode(Array(TestPlane.zip.utf8))
        try Data(zip).write(to: URL(fileURLWithPath: directory + "/function.zip"))
        let mirror = "provider_installation { filesystem_mirror { path = \"\(Terraform.mirror ?? "")\" } }"
        try mirror.write(toFile: directory + "/terraform.rc", atomically: true, encoding: .utf8)
        try Self.design(served.url).write(toFile: directory + "/main.tf", atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func terraform(_ arguments: String...) throws -> Command {
        try Command.run(
            "terraform",
            ["-chdir=\(directory)"] + arguments,
            environment: [
                "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": directory + "/terraform.rc",
                "TF_IN_AUTOMATION": "1",
            ],
            timeout: 300
        )
    }

    @Test(
        "applies a function with both kinds of mapping, twice without a difference, and destroys it",
        .enabled(if: Terraform.isThere, "\(Terraform.absence)"),
        .enabled(if: Terraform.isSlow, "slow; set TIMBERLINE_SLOW_TESTS=1")
    )
    func applies() throws {
        let initialized = try terraform("init", "-no-color", "-input=false")
        try #require(initialized.status == 0, "\(initialized.errors)")
        let arguments = ["-no-color", "-input=false", "-auto-approve"]
        let applied = try terraform("apply", arguments[0], arguments[1], arguments[2])
        try #require(applied.status == 0, "\(applied.output)\(applied.errors)")
        let plan = try terraform("plan", "-no-color", "-input=false", "-detailed-exitcode")
        #expect(plan.status == 0, "\(plan.output)\(plan.errors)")
        let again = try terraform("apply", arguments[0], arguments[1], arguments[2])
        #expect(again.status == 0 && again.output.contains("No changes"), "\(again.output)\(again.errors)")
        let mappings = served.plane.mappings.applied
        #expect(mappings.count == 2)
        #expect(mappings.contains { $0.source.clusterName == "my-cluster" && $0.batchSize == 500 })
        #expect(mappings.contains { $0.source == .selfManaged(servers: ["127.0.0.1:9092"]) })
        let destroyed = try terraform("destroy", arguments[0], arguments[1], arguments[2])
        #expect(destroyed.status == 0, "\(destroyed.output)\(destroyed.errors)")
        #expect(try served.plane.call("GET", "/2015-03-31/functions")["Functions"]?.array == [])
        #expect(served.plane.mappings.applied.isEmpty)
    }

    private static func design(_ url: String) -> String {
        """
        terraform {
          required_providers { aws = { source = "hashicorp/aws" } }
        }
        provider "aws" {
          region                      = "us-east-1"
          access_key                  = "test"
          secret_key                  = "test"
          skip_credentials_validation = true
          skip_metadata_api_check     = true
          skip_requesting_account_id  = true
          endpoints { lambda = "\(url)" }
        }
        resource "aws_lambda_function" "scorer" {
          function_name                  = "scorer"
          description                    = "scores log lines"
          runtime                        = "provided.al2023"
          handler                        = "bootstrap"
          role                           = "arn:aws:iam::123456789012:role/scorer"
          filename                       = "${path.module}/function.zip"
          source_code_hash               = filebase64sha256("${path.module}/function.zip")
          timeout                        = 30
          memory_size                    = 1024
          publish                        = true
          reserved_concurrent_executions = 50
          environment { variables = { TIMBERLINE_FORMAT = "combined" } }
          vpc_config {
            subnet_ids         = ["subnet-1"]
            security_group_ids = ["sg-1"]
          }
          tags = { team = "logs" }
        }
        resource "aws_lambda_alias" "live" {
          name             = "live"
          function_name    = aws_lambda_function.scorer.function_name
          function_version = aws_lambda_function.scorer.version
        }
        resource "aws_lambda_event_source_mapping" "msk" {
          event_source_arn  = "arn:aws:kafka:us-east-1:123456789012:cluster/my-cluster/6cc0432b-8618-4f44-bccc-e1fbd8fb7c4d-2"
          function_name     = aws_lambda_alias.live.arn
          topics            = ["my-log-topic"]
          starting_position = "LATEST"
          batch_size        = 500
          amazon_managed_kafka_event_source_config { consumer_group_id = "scorers" }
          source_access_configuration {
            type = "SASL_SCRAM_512_AUTH"
            uri  = "arn:aws:secretsmanager:us-east-1:123456789012:secret:AmazonMSK_reader-Ab12Cd"
          }
          provisioned_poller_config {
            minimum_pollers = 2
            maximum_pollers = 5
          }
          tags              = { team = "logs" }
        }
        resource "aws_lambda_event_source_mapping" "own" {
          function_name                      = aws_lambda_function.scorer.arn
          topics                             = ["orders"]
          starting_position                  = "TRIM_HORIZON"
          maximum_batching_window_in_seconds = 2
          self_managed_event_source { endpoints = { KAFKA_BOOTSTRAP_SERVERS = "127.0.0.1:9092" } }
          source_access_configuration {
            type = "BASIC_AUTH"
            uri  = "arn:aws:secretsmanager:us-east-1:123456789012:secret:broker-Ab12Cd"
          }
          filter_criteria {
            filter { pattern = jsonencode({ value = { level = ["ERROR"] } }) }
          }
          destination_config {
            on_failure { destination_arn = "arn:aws:sqs:us-east-1:123456789012:failed" }
          }
        }
        """
    }
}
