variable "domain_certificate_arn" {
  description = "ACM certificate of domain_name, in the same region."
  type        = string
  default     = null

  validation {
    condition     = (var.domain_certificate_arn == null) == (var.domain_name == null)
    error_message = "domain_name and domain_certificate_arn belong together: give both or neither."
  }
}

variable "domain_name" {
  description = "Own host name of the API, such as play.example.org; null: only AWS's own."
  type        = string
  default     = null
}

variable "domain_zone_id" {
  description = "Route 53 zone in which domain_name gets its record; null: the record is made elsewhere."
  type        = string
  default     = null

  validation {
    condition     = var.domain_zone_id == null || var.domain_name != null
    error_message = "domain_zone_id needs a domain_name to make a record for."
  }
}
