"""The newsroom: read and validate calendar.yaml, project its policy, compute its schedule.

Desk never rewrites calendar.yaml. What it says about releases takes effect only when
administrators adopt the policy made from it.
"""
