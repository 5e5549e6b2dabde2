//! The laboratory: the request, the response, the numbers.
